"""Files read in child processes. A reader of another package does in the child whatever an .act file says."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from index.errors import IndexingError, UnreadableArticle
from index.loading import load_bytes, load_file
from index.loading.isolation import FileReaders, Limits

SEEDS = Path(__file__).parents[2] / "seeds"
ROOT = Path(__file__).parents[2]

HEAVY = {"torch", "transformers", "chromadb", "tantivy", "sqlalchemy", "gradio", "langchain_core", "assistant"}

OBEDIENT = '''
from index import Article

def read(data, source):
    """Run the page as Python, and take what it puts into `text` for the article."""
    names = {"text": "It did nothing."}
    exec(data, names)
    return Article(source, "A page", names["text"])
'''

Page = Callable[[str], Path]
"""Writes a page that does something in the child, and gives its path."""
Children = Callable[[], list[psutil.Process]]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with an installed package that reads .act files. Every child sees it."""
    folder = tmp_path_factory.mktemp("library")
    installed = folder / "footnote_obedient-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: footnote-obedient\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[footnote.readers]\nact = footnote_obedient:read\n")
    (folder / "footnote_obedient.py").write_text(OBEDIENT)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield folder


@pytest.fixture(scope="module")
def readers(library: Path) -> Iterator[FileReaders]:
    """Readers that the tests share, as files of one run do: whatever befalls one child, the next file is read."""
    with FileReaders() as opened:
        yield opened


@pytest.fixture(scope="module")
def short_readers(library: Path) -> Iterator[FileReaders]:
    """Readers like these that take a megabyte from a child at most."""
    with FileReaders(limits=Limits(output=1024**2)) as opened:
        yield opened


@pytest.fixture
def page(tmp_path: Path, library: Path) -> Page:
    def write(code: str) -> Path:
        path = tmp_path / "page.act"
        path.write_text(textwrap.dedent(code))
        return path

    return write


def text_of(readers: FileReaders, path: Path) -> str:
    [article] = readers.read(path).articles
    return article.text


def reason_for(readers: FileReaders, path: Path) -> str:
    with pytest.raises(UnreadableArticle) as caught:
        readers.read(path)
    assert caught.value.source == str(path)
    return caught.value.reason


@pytest.fixture
def children() -> Children:
    """Gives the children that were started since the test began."""
    before = psutil.Process().children()
    return lambda: [child for child in psutil.Process().children() if child not in before]


# What is read


def test_a_child_reads_what_this_process_reads() -> None:
    paths = sorted(path for path in SEEDS.rglob("*") if path.suffix == ".md")
    assert paths
    with FileReaders() as readers:
        for path in paths:
            assert readers.read(path) == load_file(path)


def test_fetched_bytes_are_read_like_a_file(readers: FileReaders) -> None:
    data = "Ouverture\n\nLe musée a rouvert hier.".encode()
    source = "https://example.org/musée#top"
    assert readers.parse(data, ".txt", source) == load_bytes(data, ".txt", source)


@pytest.mark.parametrize("name", ["missing.txt", "empty.txt", "latin.txt"])
def test_what_cannot_be_read_is_said_as_in_this_process(tmp_path: Path, readers: FileReaders, name: str) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "latin.txt").write_bytes("déjà vu".encode("latin-1"))
    with pytest.raises(UnreadableArticle) as caught:
        load_file(tmp_path / name)
    assert reason_for(readers, tmp_path / name) == caught.value.reason


def test_half_a_surrogate_pair_arrives_to_be_refused(page: Page, readers: FileReaders) -> None:
    assert "U+D800" in reason_for(readers, page(r"text = '\ud800'"))


# What goes wrong

WRONG = {
    "text = bytearray(2 * 1024**3)": "needs more than 1 GB of memory",
    "text = [' ' * 1024**2 for _ in range(2000)]": "needs more than 1 GB of memory",
    "import os; os.abort()": "crashed (SIGABRT)",
    "import ctypes; ctypes.string_at(0)": "crashed (SIGSEGV)",
    "import os; os._exit(7)": "crashed (exit status 7)",
    "f = lambda: f(); f()": "maximum recursion depth",
    "raise LookupError(1000 * 'x')": "LookupError: xxx",
    "from index import UnreadableArticle; raise UnreadableArticle('', 'two  lines ' + 1000 * 'x')": "two lines xxx",
    "raise SystemExit": "crashed (exit status 0)",
}


@pytest.mark.parametrize(("code", "said"), WRONG.items())
def test_a_file_that_breaks_its_reader_is_reported_and_the_next_is_read(
    page: Page, readers: FileReaders, code: str, said: str
) -> None:
    reason = reason_for(readers, page(code))
    assert said in reason
    assert len(reason) <= 500
    assert "\n" not in reason
    assert text_of(readers, page("text = 'All is well.'")) == "All is well."


@pytest.mark.parametrize("code", ["while True: pass", "import time; time.sleep(60)"])
def test_a_file_that_takes_too_long_is_given_up(page: Page, code: str) -> None:
    with FileReaders(limits=Limits(seconds=1.0)) as readers:
        assert "takes more than 1 s to read" in reason_for(readers, page(code))
        assert text_of(readers, page("text = 'All is well.'")) == "All is well."


LIES = {
    "os.write(4, b'nonsense')": "it has",
    "send(b'nonsense')": "not JSON",
    "send(b'[' * 100_000)": "not JSON",
    "send(b'[]')": "not an object",
    "send(b'{}')": "none of the known messages",
    "say(end={'reason': 1, 'leaving': False})": "none of the known messages",
    "say(article=1)": "other fields",
    "say(article={})": "other fields",
    "say(article=article | {'score': 1})": "other fields",
    "say(article=article | {'source': '/etc/passwd'})": "from elsewhere",
    "say(article=article | {'source': article['source'] + '2'})": "from elsewhere",
    "say(article=article | {'text': None})": "the text of an article is no text",
    "say(article=article | {'publisher': ['x']})": "the publisher of an article is no text",
    "say(article=article | {'published': 'soon'})": "the date",
    "say(article=article | {'published': 20261123})": "the date",
    "say(article=article | {'pages': '12'})": "no list of numbers",
    "say(article=article | {'pages': [0, True]})": "no list of numbers",
    "say(article=article | {'pages': [5, 3]})": "not places",
    "say(article=article | {'pages': [-1]})": "not places",
    "say(article=article | {'pages': [0, 99]})": "not places",
    "say(failure={'source': '/etc/passwd', 'reason': 'x'})": "from elsewhere",
    "say(failure={'source': article['source'], 'reason': 1})": "no text",
    "while True: send(json.dumps({'failure': {'source': article['source'], 'reason': 9000 * 'x'}}).encode())": "it has",
}


@pytest.mark.parametrize(("code", "said"), LIES.items())
def test_a_child_is_not_believed(page: Page, short_readers: FileReaders, code: str, said: str) -> None:
    path = page(f"""
        import json, os
        def send(data): os.write(4, len(data).to_bytes(4, "big") + data)
        def say(**message): send(json.dumps(message).encode())
        article = dict(source={str(page(""))!r}, title="", text="0123456789", published=None, language="",
                       publisher=None, author=None, address=None, pages=[])
        {code}
    """)
    reason = reason_for(short_readers, path)
    assert "cannot be used" in reason
    assert said in reason
    assert text_of(short_readers, page("text = 'All is well.'")) == "All is well."


def test_a_child_that_died_while_it_waited_is_replaced(page: Page, readers: FileReaders) -> None:
    child = psutil.Process(int(text_of(readers, page("import os; text = str(os.getpid())"))))
    child.kill()
    psutil.wait_procs([child], timeout=5)
    assert text_of(readers, page("text = 'All is well.'")) == "All is well."


OWN_NUMBER = "import os; text = str(os.getpid())"


def test_a_child_that_grew_makes_room_for_a_fresh_one(page: Page, readers: FileReaders) -> None:
    pid = text_of(readers, page(OWN_NUMBER))
    assert text_of(readers, page(f"{OWN_NUMBER}; waste = b' ' * 300 * 1024**2")) == pid
    assert text_of(readers, page(OWN_NUMBER)) == pid
    assert text_of(readers, page(f"{OWN_NUMBER}; os.waste = b' ' * 300 * 1024**2")) == pid
    assert text_of(readers, page(OWN_NUMBER)) != pid


def test_a_large_parent_does_not_make_its_children_look_large(page: Page) -> None:
    parent = bytearray(b" " * 400 * 1024**2)
    with FileReaders() as readers:
        pid = text_of(readers, page(OWN_NUMBER))
        assert text_of(readers, page(OWN_NUMBER)) == pid
    del parent


def test_a_child_that_cannot_start_is_no_fault_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    with (
        FileReaders() as readers,
        pytest.raises(IndexingError, match=r"The process that reads files did not start: .*index\.loading") as caught,
    ):
        readers.read(tmp_path / "a.txt")
    assert not isinstance(caught.value, UnreadableArticle)


# What a child may do

FORBIDDEN = {
    "open('made', 'w')": "may not write",
    "open('made', 'a')": "may not write",
    "os.open('made', os.O_CREAT)": "may not write",
    "os.remove('kept')": "may not use os.remove",
    "os.rename('kept', 'made')": "may not use os.rename",
    "os.mkdir('made')": "may not use os.mkdir",
    "os.symlink('kept', 'made')": "may not use os.symlink",
    "os.truncate('kept', 0)": "may not use os.truncate",
    "os.system('touch made')": "may not use os.system",
    "os.execv('/bin/sh', ['sh', '-c', 'touch made'])": "may not use os.exec",
    "os.fork()": "may not use os.fork",
    "os.kill(os.getppid(), 9)": "may not use os.kill",
    "import subprocess; subprocess.run(['touch', 'made'])": "may not use subprocess.Popen",
    "import socket; socket.create_connection(('127.0.0.1', 9))": "may not use socket.",
    "import socket; socket.getaddrinfo('example.org', 80)": "may not use socket.",
    "import shutil; shutil.rmtree('.')": "may not use shutil.rmtree",
}


@pytest.mark.parametrize(("code", "said"), FORBIDDEN.items())
def test_a_reader_may_only_read(page: Page, readers: FileReaders, tmp_path: Path, code: str, said: str) -> None:
    (tmp_path / "kept").write_text("It stays.")
    assert said in reason_for(readers, page(f"import os; os.chdir({str(tmp_path)!r}); {code}"))
    assert (tmp_path / "kept").read_text() == "It stays."
    assert not (tmp_path / "made").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have fewer limits")
def test_the_system_limits_a_child_too(page: Page, readers: FileReaders) -> None:
    limits = "[resource.getrlimit(x) for x in (resource.RLIMIT_AS, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE)]"
    said = text_of(readers, page(f"import resource; text = str({limits})"))
    assert said == f"[({1024**3}, {1024**3}), (0, 0), (0, 0)]"


def test_keys_stay_with_the_parent(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    with FileReaders() as readers:
        seen = text_of(readers, page("import os; text = str(dict(os.environ))"))
    assert "PATH" in seen
    assert "secret" not in seen


def test_what_a_reader_prints_goes_nowhere(page: Page, capfd: pytest.CaptureFixture[str]) -> None:
    path = page("""
        import os, sys
        print("here", flush=True)
        os.write(1, b"here")
        os.write(2, b"here")
        text = sys.stdin.read() or "Nothing to read."
    """)
    with FileReaders() as readers:
        assert text_of(readers, path) == "Nothing to read."
    assert capfd.readouterr() == ("", "")


def test_a_child_imports_readers_and_nothing_heavy(tmp_path: Path) -> None:
    page = "<html><body><article><p>The museum opened again yesterday, after two years of work.</p></article></body>"
    (tmp_path / "a.html").write_text(page)
    (tmp_path / "a.md").write_text("# Opened\n\nThe museum opened again yesterday.")
    script = """
        import sys
        from pathlib import Path
        import index.loading.child
        from index.loading import load_file
        for name in ("a.html", "a.md"):
            assert load_file(Path(name)).articles
        print(sorted({HEAVY} & set(sys.modules)))
    """.replace("{HEAVY}", repr(HEAVY))
    assert _python(script, tmp_path) == "[]"


# How children live and end


def test_a_file_named_like_a_library_in_the_current_folder_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "yaml.py").write_text("raise SystemExit('not ours')")
    (tmp_path / "a.txt").write_text("The museum opened again.")
    with FileReaders() as readers:
        assert text_of(readers, tmp_path / "a.txt") == "The museum opened again."


def test_a_script_needs_no_guard_around_its_main_part(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The museum opened again.")
    script = """
        from pathlib import Path
        from index.loading.isolation import FileReaders
        print("once")
        with FileReaders() as readers:
            print(readers.read(Path("a.txt").absolute()).articles[0].text)
    """
    assert _python(script, tmp_path) == "once\nThe museum opened again."


def test_many_threads_share_few_children(children: Children, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(100)]
    for path in paths:
        path.write_text(f"This is {path.name}.")
    most = 0
    with FileReaders(2) as readers, ThreadPoolExecutor(8) as pool:
        for path, text in zip(paths, pool.map(lambda path: text_of(readers, path), paths), strict=True):
            assert text == f"This is {path.name}."
            most = max(most, len(children()))
    assert 1 <= most <= 2


def test_no_child_is_left_after_closing(page: Page, children: Children) -> None:
    path = page("text = 'All is well.'")
    with FileReaders() as readers:
        readers.start()
        [child] = children()
        readers.read(path)
        assert children() == [child]
    assert not children()
    with pytest.raises(ValueError, match="closed"):
        readers.read(path)


def test_closing_gives_up_a_file_that_is_being_read(page: Page, children: Children) -> None:
    path = page("import time; time.sleep(60)")
    readers = FileReaders()
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(readers.read, path)
        _wait_for(lambda: children() and children()[0].status() == psutil.STATUS_SLEEPING)
        readers.close()
        with pytest.raises(ValueError, match="closed"):
            reading.result()
    assert not children()


def test_the_terminals_signals_do_not_reach_a_child(page: Page, readers: FileReaders) -> None:
    assert int(text_of(readers, page("import os; text = str(os.getsid(0))"))) != os.getsid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_children_end_when_their_parent_is_killed(page: Page, library: Path, tmp_path: Path) -> None:
    hanging, idle = page("while True: pass"), tmp_path / "a.txt"
    idle.write_text("The museum opened again.")
    script = f"""
        import sys, threading
        sys.path.insert(0, {str(library)!r})
        from pathlib import Path
        from index.loading.isolation import FileReaders, Limits
        readers = FileReaders(2, Limits(seconds=2.0))
        readers.start()
        threading.Thread(target=readers.read, args=[Path({str(hanging)!r})]).start()
        readers.read(Path({str(idle)!r}))
        print("read", flush=True)
        threading.Event().wait()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "read\n"
        left = psutil.Process(parent.pid).children()
        assert len(left) == 2
        # Starting takes a child about a tenth of a second.
        _wait_for(lambda: any(child.cpu_times().user > 0.5 for child in left))
        parent.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(left, timeout=10)
    assert not alive


def _python(script: str, folder: Path) -> str:
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip()


def _wait_for(condition: Callable[[], object]) -> None:
    for _ in range(200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within 10 s")
