#!/bin/sh
# Installs package, users, settings, units and udev rules on this machine; `make install` calls it as root.
# It starts nothing, keeps settings that are there, and may be run again at any time.
set -eu
cd "$(dirname "$0")/.."

HOME_FOLDER=/opt/intercom

main() {
    [ "$(id -u)" = 0 ] || stop "Only root can install: sudo make install"
    command -v systemd-sysusers >/dev/null || stop "systemd is needed: apt-get install systemd"
    package
    users_and_settings
    services
    strength
    next_steps
    first_password
}

package() {
    $HOME_FOLDER/bin/python -c '' 2>/dev/null ||
        step "Making $HOME_FOLDER" /usr/bin/python3 -m venv --without-pip --clear $HOME_FOLDER
    step "Installing Python packages of requirements.txt" uv_install --require-hashes -r requirements.txt
    step "Installing intercom itself" copy_of_intercom
    ln -sf $HOME_FOLDER/bin/intercom /usr/local/bin/intercom
}

copy_of_intercom() {
    copy=$(mktemp -d) # what an earlier build left in the clone must not come along
    cp -r pyproject.toml README.md LICENSE "$copy"
    mkdir "$copy/firmware"
    cp -r firmware/intercom "$copy/firmware"
    uv_install --no-deps --reinstall "$copy"
    rm -r "$copy"
}

uv_install() {
    .venv/bin/uv pip install --python $HOME_FOLDER/bin/python --build-constraints config/setup.txt --compile-bytecode "$@"
}

users_and_settings() {
    install -D -m 0644 systemd/intercom.sysusers /etc/sysusers.d/intercom.conf
    step "Adding users intercom and intercom-exchange" systemd-sysusers /etc/sysusers.d/intercom.conf
    install -d -o intercom -g intercom -m 0750 /etc/intercom /var/lib/intercom
    install -d -o intercom-exchange -g intercom-exchange -m 0750 /etc/intercom-exchange
    install -d -o intercom-exchange -g intercom-exchange -m 0700 /var/lib/intercom-exchange
    settings intercom /etc/intercom/intercom.toml '!/^\[exchange\]/'
    settings intercom-exchange /etc/intercom-exchange/exchange.toml 'NR == 1 || /^\[(exchange|log)\]/'
}

settings() { # USER FILE WHICH: the paragraphs of the template that an awk expression chooses
    if [ -e "$2" ]; then
        say "Keeping $2"
        return
    fi
    say "Writing $2"
    install -o "$1" -g "$1" -m 0600 /dev/null "$2"
    awk -v RS= -v ORS='\n\n' "$3" config/intercom.toml >"$2"
}

services() {
    say "Installing units, udev rules and the rule of what the station may do to the machine (polkit)"
    install -D -m 0644 -t /etc/systemd/system systemd/*.service
    install -D -m 0644 -t /etc/udev/rules.d config/60-intercom.rules
    install -D -m 0644 config/polkit.rules /etc/polkit-1/rules.d/60-intercom.rules
    if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
    if [ -d /run/udev ]; then udevadm control --reload && udevadm trigger --subsystem-match=gpio --subsystem-match=usb; fi
}

strength() { # what a call may cost is measured once; a station whose audio.profile is auto goes by it
    step "Measuring what this board has the strength for" \
        $HOME_FOLDER/bin/intercom doctor board --state /var/lib/intercom
}

next_steps() {
    cat <<EOF

intercom is installed; nothing was started. As root (sudo):
  1. An exchange on this machine, unless another has one:
       systemctl enable --now intercom-exchange
  2. A key for this station:
       intercom station add intercom --into /etc/intercom/intercom.toml
     or, where another machine runs the exchange: intercom station add NAME there; paste here what it prints.
  3. Name pins and PCMs in /etc/intercom/intercom.toml, then start the station:
       systemctl enable --now intercom
     The serial console is off until console.port names its device; picocom -b 115200 then, and login.
  4. Who may operate it: usermod -aG intercom NAME. That person, after a new login: intercom status
Services that ran already keep the old version until: systemctl try-restart intercom-exchange intercom
EOF
}

first_password() { # last, so that nothing scrolls it away; in no log
    $HOME_FOLDER/bin/intercom password --first --state /var/lib/intercom
}

NAME=install
. config/say.sh
main "$@"
