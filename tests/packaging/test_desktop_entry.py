from __future__ import annotations

import configparser
import plistlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import minerdesk
from tests.packaging.checkout import PACKAGING, ROOT, pyproject, script

LINUX = PACKAGING / "linux"
ID = "org.minerdesk.minerdesk"
entry_script = script("desktop_entry")


def desktop_keys(path: Path) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys are case-sensitive
    parser.read(path, encoding="utf-8")
    return dict(parser["Desktop Entry"])


def test_the_desktop_file_is_the_programs_own() -> None:
    keys = desktop_keys(LINUX / f"{ID}.desktop")
    assert keys["Exec"] in pyproject()["project"]["gui-scripts"]
    assert keys["Icon"] == ID
    assert keys["Type"] == "Application"
    assert keys.get("Version", "1.4") == "1.4"
    assert keys["Comment"].endswith(".") is False


def test_the_metadata_agrees_with_the_project() -> None:
    root = ET.parse(LINUX / f"{ID}.metainfo.xml").getroot()  # noqa: S314 - our own file
    project = pyproject()["project"]
    releases = [release.attrib["version"] for release in root.iter("release")]
    assert root.findtext("id") == ID
    assert root.findtext("launchable") == f"{ID}.desktop"
    assert root.findtext("project_license") == project["license"]
    assert releases[0] == minerdesk.__version__
    assert {node.text for node in root.iter("binary")} == {
        *project["scripts"],
        *project["gui-scripts"],
    }


def test_the_changelog_knows_this_version() -> None:
    headings = re.findall(
        r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert next(name for name in headings if name != "Unreleased") == minerdesk.__version__


def test_the_icon_is_a_square_drawing_without_gradients() -> None:
    root = ET.parse(ROOT / "resources" / "icons" / "minerdesk.svg").getroot()  # noqa: S314 - our own file
    assert root.attrib["width"] == root.attrib["height"]
    assert not [node for node in root.iter() if "Gradient" in node.tag]


def install(platform: str, home: Path, launcher: Path, **variables: str) -> list[Path]:
    return list(
        entry_script.install(ROOT, launcher, platform=platform, variables=variables, home=home)
    )


def uninstall(platform: str, home: Path, **variables: str) -> list[Path]:
    return list(entry_script.uninstall(platform=platform, variables=variables, home=home))


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_uninstall_takes_away_what_install_wrote_and_nothing_else(
    platform: str, tmp_path: Path
) -> None:
    written = install(platform, tmp_path, tmp_path / "bin" / "minerdesk")
    neighbour = written[0].parent / "another.txt"
    neighbour.write_text("kept", encoding="utf-8")
    assert all(path.is_relative_to(tmp_path) and path.exists() for path in written)
    assert uninstall(platform, tmp_path) == written
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [neighbour]
    assert uninstall(platform, tmp_path) == []


def test_installing_twice_is_the_same_as_once(tmp_path: Path) -> None:
    launcher = tmp_path / "minerdesk"
    first = install("linux", tmp_path, launcher)
    before = [path.read_bytes() for path in first]
    assert install("linux", tmp_path, launcher) == first
    assert [path.read_bytes() for path in first] == before


def test_linux_keeps_to_the_folder_for_data_that_the_user_chose(tmp_path: Path) -> None:
    data = tmp_path / "data"
    written = install("linux", tmp_path / "home", tmp_path / "m", XDG_DATA_HOME=str(data))
    assert [path.relative_to(data).as_posix() for path in written] == [
        f"applications/{ID}.desktop",
        f"icons/hicolor/scalable/apps/{ID}.svg",
        f"metainfo/{ID}.metainfo.xml",
    ]


def test_a_relative_folder_for_data_is_ignored_as_the_standard_asks(tmp_path: Path) -> None:
    written = install("linux", tmp_path, tmp_path / "m", XDG_DATA_HOME="data")
    assert written[0].is_relative_to(tmp_path / ".local" / "share")


def test_the_entry_starts_a_program_whose_path_needs_quoting(tmp_path: Path) -> None:
    launcher = tmp_path / 'my 50% "desk" $HOME `x` \\y' / "minerdesk"
    entry, *_ = install("linux", tmp_path / "home", launcher)
    # Undo, in order, what the standard says a reader undoes.
    value = desktop_keys(entry)["Exec"].replace("\\\\", "\\")
    assert value[0] == value[-1] == '"'
    assert re.sub(r"\\(.)", r"\1", value[1:-1]).replace("%%", "%") == str(launcher)


def test_macos_gets_a_folder_that_starts_the_program(tmp_path: Path) -> None:
    launcher = tmp_path / "it's here" / "minerdesk"
    launcher.parent.mkdir()
    launcher.write_text(f"#!{sys.executable}\nimport sys\nprint(sys.argv[1:])\n", encoding="utf-8")
    launcher.chmod(0o755)
    (app,) = install("darwin", tmp_path, launcher)
    facts = plistlib.loads((app / "Contents" / "Info.plist").read_bytes())
    assert facts["CFBundleShortVersionString"] == minerdesk.__version__
    program = app / "Contents" / "MacOS" / facts["CFBundleExecutable"]
    if sys.platform != "win32":
        done = subprocess.run([program, "--offline"], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "['--offline']"


def test_windows_gets_a_launcher_in_the_start_menu(tmp_path: Path) -> None:
    launcher = tmp_path / "100% mine" / "minerdesk.exe"
    (written,) = install("win32", tmp_path / "home", launcher, APPDATA=str(tmp_path / "roaming"))
    assert written.is_relative_to(tmp_path / "roaming")
    lines = written.read_bytes().decode().split("\r\n")
    assert lines[1] == f'@start "" "{launcher}"'.replace("%", "%%")
