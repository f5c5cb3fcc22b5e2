#!/bin/sh
# The hardware of a station, simulated by the kernel: a Pi's header, a sound card, a cable from a USB gadget.
modprobe -a configfs gpio-sim snd-aloop dummy_hcd g_serial cdc_acm
mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing

header=/sys/kernel/config/gpio-sim/pi
mkdir -p $header/bank0
echo 54 >$header/bank0/num_lines
echo pinctrl-bcm2711 >$header/bank0/label
echo 1 >$header/live

cd /sys/kernel/tracing
echo mono >trace_clock
echo 4096 >buffer_size_kb
echo 1 >events/gpio/enable
