/* libasound PCM plugin "simcard": a simulated sound card behind the real snd_pcm API.
 *
 * It is paced in real time (timerfd), moves one period at a time as batch hardware does, and fails as hardware does:
 * -EPIPE (xrun), -ESTRPIPE (suspend), -EBUSY (a second opener), -ENODEV (unplugged), or stuck.  The samples lie in two rings indexed by absolute
 * card time, so a test knows to the sample what the speaker played and what the microphone hears.
 *
 *     pcm.NAME { type simcard card "/path/of/the/card" }
 */
#include "card.h"
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <sys/timerfd.h>

#define TIMER_SLACK_NS 30000
#define MAX_BUFFER_BYTES 192000

struct stream {
    snd_pcm_ioplug_t io;
    struct card *card;
    int16_t *ring;
    int16_t primed[MAX_BUFFER_BYTES / 2]; /* what was written before the start */
    snd_pcm_uframes_t primed_frames, boundary, avail_min;
    uint64_t start; /* card time of frame 0 */
    int64_t last;   /* where it got stuck */
    uint32_t suspends;
    int timer_fd, lock_fd, is_running, is_playback, has_xrun;
};

static int64_t elapsed(struct stream *s)
{
    if (!s->card->stuck)
        s->last = (int64_t)(card_now(s->card) - s->start);
    return s->last;
}

static int64_t whole_periods(const struct stream *s, int64_t frames)
{
    return frames - frames % (int64_t)s->io.period_size;
}

static int64_t available(struct stream *s)
{
    int64_t buffer = s->io.buffer_size, application = s->io.appl_ptr;
    if (!s->is_running)
        return s->is_playback ? buffer - (int64_t)s->primed_frames : 0;
    int64_t hardware = whole_periods(s, elapsed(s));
    return s->is_playback ? buffer - (application - hardware) : hardware - application;
}

static int64_t ns_until_ready(struct stream *s)
{
    int64_t period = s->io.period_size, missing = s->avail_min - available(s);
    int64_t left = (missing + period - 1) / period * period - elapsed(s) % period;
    return (int64_t)(left / samples_per_ns(s->card)) + TIMER_SLACK_NS;
}

/* Readable exactly when avail_min frames can be moved: at once, or at the end of the period that completes them. */
static void arm_timer(struct stream *s)
{
    struct itimerspec when = {{0, 0}, {0, 1}};
    if (available(s) < (int64_t)s->avail_min) {
        int64_t ns = s->is_running && !s->card->stuck ? ns_until_ready(s) : 0; /* 0: disarmed */
        when.it_value.tv_sec = ns / 1000000000;
        when.it_value.tv_nsec = ns % 1000000000;
    }
    timerfd_settime(s->timer_fd, 0, &when, NULL);
}

static int16_t *sample_at(struct stream *s, uint64_t time)
{
    return &s->ring[time % s->card->ring];
}

/* What the ring still holds from its last round must not be heard again. */
static void hush_gap(struct stream *s)
{
    uint64_t from = s->card->written_until, ring = s->card->ring;
    if (from + ring < s->start)
        from = s->start - ring;
    for (; from < s->start; from++)
        *sample_at(s, from) = 0;
}

static void forget_unplayed(struct stream *s)
{
    uint64_t now = card_now(s->card);
    if (s->is_playback && s->card->written_until > now)
        s->card->written_until = now;
}

/* What the card can't do any more; in 0 the stream is well. */
static snd_pcm_state_t trouble(const struct stream *s)
{
    if (s->card->unplugged)
        return SND_PCM_STATE_DISCONNECTED;
    return s->card->suspends != s->suspends ? SND_PCM_STATE_SUSPENDED : 0;
}

static int on_start(snd_pcm_ioplug_t *io)
{
    struct stream *s = io->private_data;
    s->start = card_now(s->card);
    s->is_running = 1;
    if (s->is_playback) {
        hush_gap(s);
        for (snd_pcm_uframes_t i = 0; i < s->primed_frames; i++)
            *sample_at(s, s->start + i) = s->primed[i];
        s->card->written_until = s->start + s->primed_frames;
    }
    return 0;
}

static int on_stop(snd_pcm_ioplug_t *io)
{
    struct stream *s = io->private_data;
    if (s->is_running)
        forget_unplayed(s);
    s->is_running = 0;
    return 0;
}

static int on_prepare(snd_pcm_ioplug_t *io)
{
    struct stream *s = io->private_data;
    if (s->card->unplugged)
        return -ENODEV;
    on_stop(io);
    s->primed_frames = 0;
    s->has_xrun = 0;
    s->suspends = s->card->suspends;
    return 0;
}

static snd_pcm_sframes_t on_pointer(snd_pcm_ioplug_t *io)
{
    struct stream *s = io->private_data;
    if (trouble(s)) {
        snd_pcm_ioplug_set_state(io, trouble(s));
        return io->hw_ptr;
    }
    if (!s->is_running)
        return 0;
    int64_t hardware = elapsed(s), limit = io->appl_ptr + (s->is_playback ? 0 : io->buffer_size);
    if (hardware > limit) {
        if (!s->has_xrun)
            ++*(s->is_playback ? &s->card->playback_xruns : &s->card->capture_xruns);
        s->has_xrun = 1;
        return -EPIPE;
    }
    return whole_periods(s, hardware) % s->boundary;
}

static snd_pcm_sframes_t on_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                     snd_pcm_uframes_t offset, snd_pcm_uframes_t frames)
{
    struct stream *s = io->private_data;
    int step = areas->step / 16;
    int16_t *pcm = (int16_t *)((char *)areas->addr + (areas->first + areas->step * offset) / 8);
    uint64_t time = s->start + io->appl_ptr;
    if (s->card->unplugged)
        return -ENODEV;
    for (snd_pcm_uframes_t i = 0; i < frames; i++, pcm += step) {
        if (!s->is_playback)
            for (unsigned channel = 0; channel < io->channels; channel++)
                pcm[channel] = *sample_at(s, time + i);
        else if (s->is_running)
            *sample_at(s, time + i) = *pcm;
        else if (s->primed_frames < io->buffer_size)
            s->primed[s->primed_frames++] = *pcm;
    }
    if (s->is_playback && s->is_running)
        s->card->written_until = time + frames;
    return frames;
}

/* Asked before each wait: here alone the timer is armed, since that is what costs most. */
static int on_poll_descriptors(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned space)
{
    struct stream *s = io->private_data;
    if (space < 1)
        return -EINVAL;
    arm_timer(s);
    fds->fd = s->timer_fd;
    fds->events = POLLIN;
    return 1;
}

static int on_poll_revents(snd_pcm_ioplug_t *io, struct pollfd *fds, unsigned count, unsigned short *revents)
{
    (void)fds, (void)count;
    struct stream *s = io->private_data;
    unsigned short ready = s->is_playback ? POLLOUT : POLLIN;
    *revents = 0;
    if (trouble(s)) {
        snd_pcm_ioplug_set_state(io, trouble(s));
        *revents = POLLERR | ready;
    } else if (available(s) >= (int64_t)s->avail_min)
        *revents = ready;
    else
        arm_timer(s);
    return 0;
}

static int on_sw_params(snd_pcm_ioplug_t *io, snd_pcm_sw_params_t *params)
{
    struct stream *s = io->private_data;
    snd_pcm_sw_params_get_boundary(params, &s->boundary);
    return snd_pcm_sw_params_get_avail_min(params, &s->avail_min);
}

static int on_close(snd_pcm_ioplug_t *io)
{
    struct stream *s = io->private_data;
    on_stop(io);
    close(s->timer_fd);
    close(s->lock_fd);
    card_unmap(s->card);
    free(s);
    return 0;
}

static const snd_pcm_ioplug_callback_t CALLBACKS = {
    .start = on_start, .stop = on_stop, .prepare = on_prepare, .pointer = on_pointer, .transfer = on_transfer,
    .poll_descriptors = on_poll_descriptors, .poll_revents = on_poll_revents, .sw_params = on_sw_params, .close = on_close,
};

static int offer_formats(snd_pcm_ioplug_t *io, const struct card *card)
{
    static const unsigned access[] = {SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED};
    static const unsigned format[] = {SND_PCM_FORMAT_S16_LE};
    const unsigned ranges[][3] = {
        {SND_PCM_IOPLUG_HW_CHANNELS, card->min_channels, card->max_channels},
        {SND_PCM_IOPLUG_HW_RATE, card->rate, card->rate},
        {SND_PCM_IOPLUG_HW_PERIODS, 2, 32},
        {SND_PCM_IOPLUG_HW_PERIOD_BYTES, card->least_period * 2 * card->min_channels,
         card->most_period * 2 * card->max_channels},
        {SND_PCM_IOPLUG_HW_BUFFER_BYTES, 128, MAX_BUFFER_BYTES},
    };
    int error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
    error |= snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, format);
    for (unsigned i = 0; i < sizeof ranges / sizeof *ranges; i++)
        error |= snd_pcm_ioplug_set_param_minmax(io, ranges[i][0], ranges[i][1], ranges[i][2]);
    return error ? -EINVAL : 0;
}

static int create(struct stream *s, const char *name, snd_pcm_stream_t direction, int mode)
{
    s->io.version = SND_PCM_IOPLUG_VERSION;
    s->io.name = "simcard";
    s->io.callback = &CALLBACKS;
    s->io.private_data = s;
    s->io.poll_fd = s->timer_fd;
    s->io.poll_events = POLLIN;
    s->io.flags = SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;
    int error = snd_pcm_ioplug_create(&s->io, name, direction, mode);
    return error < 0 ? error : offer_formats(&s->io, s->card);
}

static int open_card(snd_pcm_t **pcm, const char *name, const char *path, snd_pcm_stream_t direction, int mode)
{
    struct card *card;
    int error = card_map(path, &card), is_playback = direction == SND_PCM_STREAM_PLAYBACK;
    if (error)
        return error;
    int lock_fd = card_lock(path, is_playback);
    struct stream *s = lock_fd < 0 ? NULL : calloc(1, sizeof *s);
    if (!s) {
        card_unmap(card);
        return lock_fd < 0 ? lock_fd : -ENOMEM;
    }
    s->card = card;
    s->ring = ring_of(card, is_playback);
    s->is_playback = is_playback;
    s->avail_min = 1;
    s->boundary = 1u << 30;
    s->lock_fd = lock_fd;
    s->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    error = create(s, name, direction, mode);
    *pcm = s->io.pcm;
    return error;
}

SND_PCM_PLUGIN_DEFINE_FUNC(simcard)
{
    (void)root;
    const char *path = NULL, *id;
    snd_config_iterator_t i, next;
    snd_config_for_each(i, next, conf) {
        snd_config_t *node = snd_config_iterator_entry(i);
        if (snd_config_get_id(node, &id) >= 0 && !strcmp(id, "card"))
            snd_config_get_string(node, &path);
    }
    return path ? open_card(pcmp, name, path, stream, mode) : -EINVAL;
}
SND_PCM_PLUGIN_SYMBOL(simcard);
