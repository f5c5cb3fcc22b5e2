/* The simulated card's file: a header, then the speaker's ring, then the microphone's (see tests/rig/simcard.py). */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define HEADER_BYTES 4096

struct card { /* HEADER in simcard.py */
    volatile uint64_t epoch_ns; /* CLOCK_MONOTONIC at card time 0 */
    uint32_t rate, ring;        /* samples a second; samples in each ring */
    double ppm;                 /* clock error */
    uint32_t min_channels, max_channels;
    volatile uint32_t unplugged, playback_xruns, capture_xruns;
    volatile uint32_t suspends;      /* how often the machine slept: each ends what was running */
    volatile uint64_t written_until; /* card time up to which the speaker's ring holds what was written */
    uint32_t least_period, most_period;
    volatile uint32_t stuck; /* the clock goes on, the streams don't */
};

static double samples_per_ns(const struct card *card)
{
    return card->rate * (1.0 + card->ppm * 1e-6) * 1e-9;
}

/* Card time: samples since the epoch, by the card's own clock. */
static uint64_t card_now(const struct card *card)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    uint64_t ns = t.tv_sec * 1000000000ull + t.tv_nsec;
    return (uint64_t)((double)(ns - card->epoch_ns) * samples_per_ns(card));
}

static int16_t *ring_of(struct card *card, int is_playback)
{
    return (int16_t *)((char *)card + HEADER_BYTES) + (is_playback ? 0 : card->ring);
}

/* One opener for each direction; the kernel frees the lock of a killed one.  Returns a descriptor or -errno. */
static int card_lock(const char *path, int is_playback)
{
    char name[512];
    snprintf(name, sizeof name, "%s.%s.lock", path, is_playback ? "playback" : "capture");
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
        close(fd);
        return -EBUSY;
    }
    return fd < 0 ? -errno : fd;
}

static void card_unmap(struct card *card)
{
    munmap(card, HEADER_BYTES + 2 * sizeof(int16_t) * card->ring);
}

/* Returns 0 or -errno. */
static int card_map(const char *path, struct card **mapped)
{
    struct card card;
    int fd = open(path, O_RDWR | O_CLOEXEC), error = 0;
    if (fd < 0)
        return -errno;
    if (read(fd, &card, sizeof card) != sizeof card)
        error = -EIO;
    else if (card.unplugged)
        error = -ENODEV;
    else {
        size_t size = HEADER_BYTES + 2 * sizeof(int16_t) * card.ring;
        *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        error = *mapped == MAP_FAILED ? -errno : 0;
    }
    close(fd);
    return error;
}
