# Runs in the new root of image.sh, as its root: adds what is no package of Debian's.
# The clone under test is on a second disk, mounted at /clone; what is installed here finds it there.

HOME_FOLDER=/opt/intercom

python3 -m venv --without-pip $HOME_FOLDER
cd /mnt
chmod +x uv
./uv pip install --no-cache --python $HOME_FOLDER/bin/python --build-constraints setup.txt --compile-bytecode \
    --require-hashes -r requirements.txt
echo /clone/firmware >"$(echo $HOME_FOLDER/lib/python3*/site-packages)/clone.pth"
cat >$HOME_FOLDER/bin/intercom <<END
#!$HOME_FOLDER/bin/python
import sys
from intercom.cli import main
sys.exit(main())
END
chmod +x $HOME_FOLDER/bin/intercom

mkdir /clone
echo "/dev/vdb /clone ext4 defaults 0 0" >>/etc/fstab
cat >/usr/local/sbin/bed <<END
#!/bin/sh
mount /dev/vdb /clone && exec /clone/guest/init.sh
END
chmod +x /usr/local/sbin/bed
cat >/etc/systemd/system/bed.service <<END
[Unit]
Description=What the host asks
RequiresMountsFor=/clone

[Service]
Environment=PATH=$HOME_FOLDER/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
ExecStartPre=/clone/guest/hardware.sh
ExecStart=$HOME_FOLDER/bin/python /clone/guest/agent.py
StandardOutput=tty
TTYPath=/dev/ttyS0
END
rm -rf /mnt/* # not /tmp: there mmdebstrap keeps what leads apt, which would empty the lists of the host without it
