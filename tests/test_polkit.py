"""The rule of polkit's: narrow, for the station's user alone, and installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RULES = ROOT / "config/polkit.rules"
ALLOWED = {
    "org.freedesktop.NetworkManager.network-control",
    "org.freedesktop.NetworkManager.settings.modify.system",
    "org.freedesktop.NetworkManager.wifi.scan",
    "org.freedesktop.login1.reboot",
    "org.freedesktop.login1.reboot-multiple-sessions",
    "org.freedesktop.timedate1.set-ntp",
    "org.freedesktop.timedate1.set-time",
}
ASKED = [
    # user                  action                                              answer
    *(("intercom",          action,                                             "yes") for action in ALLOWED),
    *(("intercom-exchange", action,                                             "undefined") for action in ALLOWED),
    ("intercom",            "org.freedesktop.login1.power-off",                 "undefined"),
    ("intercom",            "org.freedesktop.systemd1.manage-units",            "undefined"),
    ("intercom",            "org.freedesktop.NetworkManager.reload",            "undefined"),
    ("root",                "org.freedesktop.login1.reboot",                    "undefined"),
]  # fmt: skip
POLKIT = """
let rule; const polkit = {{Result: {{YES: "yes"}}, addRule: (given) => {{ rule = given }}}};
{rules}
for (const [user, id] of {asked}) console.log(String(rule({{id}}, {{user}})));
"""


def test_the_rule_names_these_actions_and_the_units_user() -> None:
    text = RULES.read_text()
    assert set(re.findall(r'"(org\.freedesktop\.[\w.-]+)"', text)) == ALLOWED
    assert re.findall(r'subject\.user == "([\w-]+)"', text) == ["intercom"]
    assert "User=intercom\n" in (ROOT / "systemd/intercom.service").read_text()


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_rule_says_yes_to_them_alone_and_leaves_all_else_to_others() -> None:
    script = POLKIT.format(rules=RULES.read_text(), asked=[[user, action] for user, action, _ in ASKED])
    ran = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.split() == [answer for *_, answer in ASKED]


def test_it_is_installed_where_polkit_reads_it() -> None:
    assert "config/polkit.rules /etc/polkit-1/rules.d/60-intercom.rules" in (ROOT / "config/install.sh").read_text()
