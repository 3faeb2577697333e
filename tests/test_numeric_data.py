"""Values from files and from the command line: what is read, and that nothing else is opened, run or inflated."""

from __future__ import annotations

import io
import os
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcalc.errors import Mistake
from mcalc.numeric.data import read_given


def saved(path: Path, array: Any, **how: Any) -> str:
    """Save an array with NumPy, and return the name of the file."""
    np.save(path, array, **how)
    return str(path)


def mistake(text: str, **limits: int) -> Mistake:
    """Return the mistake that a value is."""
    with pytest.raises(Mistake) as told:
        read_given("X", text, {"elements": 1 << 24, "bytes": 1 << 30, **limits})
    assert told.value.hint
    return told.value


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("0.1", 0.1),
        ("-3", -3.0),
        ("−2", -2.0),
        ("1/4", 0.25),
        ("+1e-3", 1e-3),
        (".5", 0.5),
        ("1.", 1.0),
        ("-INF", -np.inf),
        ("[0.3, -0.2]", [0.3, -0.2]),
        ("[1 2 3]", [1, 2, 3]),
        ("[5]", [5]),
        ("[1;2]", [1, 2]),
        (" [ 1/2 , 2 ] ", [0.5, 2]),
        ("[1 2;3 4]", [[1, 2], [3, 4]]),
        ("[1, 2; 3, 4]", [[1, 2], [3, 4]]),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("[[1,2]]", [[1, 2]]),
        ("[[1],[2]]", [[1], [2]]),
        ("[[1 2] [3 4]]", [[1, 2], [3, 4]]),
    ],
)
def test_numbers_in_place_are_read(text: str, want: Any) -> None:
    got = read_given("x", text).array
    assert got.shape == np.shape(want)
    np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "[1, 2",
        "[]",
        "[1,,2]",
        "[1, 2; 3]",
        "[[1, 2], [3]]",
        "[[[1]]]",
        "[[1],2]",
        "[[1]]]",
        "[1;]",
        "1e999",
        "1_000",
        "0x10",
        "1/0",
        "1/2/3",
        "1,5",
        "٣",
        "2**3",
        "-",
        "[a]",
        "abc",
        "__import__('os')",
        "1j",
        "[1] + [2]",
    ],
)
def test_what_is_no_number_is_a_mistake_of_the_data(text: str) -> None:
    assert mistake(text).code == "E-DATA"


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4", "<f2", "<i8", ">i4", "<u2", "|u1", "|b1"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_of_every_real_type_and_order_are_read(tmp_path: Path, dtype: str, order: str) -> None:
    want = np.asarray(np.arange(6).reshape(2, 3), dtype=dtype, order=order)  # type: ignore[call-overload]
    got = read_given("X", saved(tmp_path / "X.npy", want)).array
    np.testing.assert_array_equal(got, want.astype(float))
    assert got.dtype == float


def test_every_version_of_the_format_is_read(tmp_path: Path) -> None:
    for version in ((1, 0), (2, 0), (3, 0)):
        with open(tmp_path / "X.npy", "wb") as stream:
            np.lib.format.write_array(stream, np.eye(2), version=version)
        np.testing.assert_array_equal(read_given("X", str(tmp_path / "X.npy")).array, np.eye(2))


class Bomb:
    """An object whose pickle makes a file when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


def test_an_object_array_is_refused_and_nothing_in_it_is_run(tmp_path: Path) -> None:
    array = np.array([Bomb(tmp_path / "pwned")], dtype=object)
    found = mistake(saved(tmp_path / "evil.npy", array, allow_pickle=True))
    assert (found.code, "pickle" in found.message) == ("E-DATA", True)
    np.savez(tmp_path / "evil.npz", X=array)
    assert mistake(str(tmp_path / "evil.npz")).code == "E-DATA"
    (tmp_path / "evil.pkl").write_bytes(pickle.dumps(array))
    assert "pickled" in mistake(str(tmp_path / "evil.pkl")).message
    (tmp_path / "renamed.npy").write_bytes(pickle.dumps(array))
    assert "no .npy file" in mistake(str(tmp_path / "renamed.npy")).message
    assert not (tmp_path / "pwned").exists()


def npy(header: str, data: bytes = b"") -> bytes:
    """Return the bytes of an .npy file with a header of our own."""
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000, 1000), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 100000000000000), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999999,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1), }",
        "{'descr': '<f8', 'fortran_order': open('pwned', 'w'), 'shape': (1,), }",
        "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<M8[s]', 'fortran_order': False, 'shape': (1,), }",
        "{'shape': (1,)}",
        "__import__('os').mkdir('pwned')",
        "",
    ],
)
def test_a_header_that_claims_too_much_or_something_else_is_refused(
    tmp_path: Path, header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "X.npy").write_bytes(npy(header, bytes(16)))
    assert mistake("X.npy").code in ("E-DATA", "E-LIMIT")
    assert not (tmp_path / "pwned").exists()


def test_a_file_shorter_or_longer_than_its_header_says_is_refused_with_both_sizes(tmp_path: Path) -> None:
    whole = Path(saved(tmp_path / "X.npy", np.zeros((3, 4)))).read_bytes()
    for data, size in ((whole[:-8], "88"), (whole + b"12345", "101")):
        (tmp_path / "short.npy").write_bytes(data)
        found = mistake(str(tmp_path / "short.npy"))
        assert found.code == "E-DATA"
        assert "96 bytes" in found.message
        assert f"{size} follow" in found.message
    for cut in (0, 3, 8, 9, 40):
        (tmp_path / "short.npy").write_bytes(whole[:cut])
        assert mistake(str(tmp_path / "short.npy")).code == "E-DATA"


def test_a_member_of_an_archive_is_read_by_name_or_when_it_is_the_only_one(tmp_path: Path) -> None:
    one, two = str(tmp_path / "one.npz"), str(tmp_path / "two.npz")
    np.savez(one, anything=np.arange(3.0))
    np.savez_compressed(two, X=np.eye(2), y=np.ones(3))
    assert read_given("X", one).array.tolist() == [0, 1, 2]
    assert read_given("b", f"{two}:y").array.tolist() == [1, 1, 1]
    assert read_given("b", f"{two}:X.npy").array.tolist() == [[1, 0], [0, 1]]
    assert "2 arrays: X, y" in mistake(two).message
    assert "no member z; it has: X, y" in mistake(f"{two}:z").message


def test_an_archive_is_not_inflated_beyond_what_it_claims_or_may_have(tmp_path: Path) -> None:
    path = str(tmp_path / "bomb.npz")
    np.savez_compressed(path, X=np.zeros((2000, 1000)))
    assert os.path.getsize(path) < 100_000
    assert mistake(path, elements=1_000_000).code == "E-LIMIT"
    member = io.BytesIO()
    np.save(member, np.zeros(3))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X.npy", member.getvalue() + bytes(50_000_000))
    assert "is not whole" in mistake(path).message


def test_a_broken_encrypted_or_strangely_packed_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "X.npz"
    np.savez_compressed(path, X=np.arange(1000.0))
    whole = path.read_bytes()
    for data in (b"", whole[:50], whole[:200] + bytes(300) + whole[500:], b"PK" + bytes(100)):
        path.write_bytes(data)
        assert mistake(str(path)).code == "E-DATA"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("X.npy", whole)
    assert mistake(str(path)).code == "E-DATA"
    flagged = bytearray(whole)
    flagged[whole.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(flagged)
    assert "encrypted" in mistake(str(path)).message
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("read.me", "hello")
    assert mistake(str(path)).code == "E-DATA"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("1;2\r\n3;4", [[1, 2], [3, 4]]),
        ("1\t2\n", [[1, 2]]),
        ("1  2\n 3 4 \n", [[1, 2], [3, 4]]),
        ("# made by hand\n\n1\n\n2\n", [[1], [2]]),
        ('"1","2"\n', [[1, 2]]),
        ("\ufeff1,-2e-3\n", [[1, -2e-3]]),
        ("x,y\n1,2\n", [[1, 2]]),
        ("nan, inf\n", [[np.nan, np.inf]]),
    ],
)
def test_tables_are_read_whatever_separates_their_numbers(tmp_path: Path, text: str, want: Any) -> None:
    (tmp_path / "X.csv").write_text(text, "utf-8", newline="")
    np.testing.assert_array_equal(read_given("X", str(tmp_path / "X.csv")).array, want)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,2\n3,4,5\n", "line 2 of"),
        ("1,2\n\n# so\n3\n", "line 4 of"),
        ("1,2\n3,\n", "cell 2 is empty"),
        ("1,b\n2,3\n", "'b', is no number"),
        ("1,5;2,5\n", "'1,5', is no number"),
        ("1\n1e999\n", "is no number"),
        ("1_000\n2\n", "'1_000', is no number"),
        ("", "no numbers"),
        ("a,b\n", "no numbers"),
        ("a,b\nc,d\n", "line 2"),
        ('1,"2\n', "line 1"),
        ("=cmd|' /C calc'!A0\n1\n2,3", "line 2"),
        ("x,y\nz,1\n", "line 2"),
    ],
)
def test_a_table_that_is_not_one_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "X.csv").write_text(text, "utf-8")
    found = mistake(str(tmp_path / "X.csv"))
    assert found.code == "E-DATA"
    assert said in found.message


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    for data in (b"1,2\n\xff\xfe\n", b"1\x002\n"):
        (tmp_path / "X.csv").write_bytes(data)
        assert mistake(str(tmp_path / "X.csv")).code == "E-DATA"


def test_names_of_columns_are_left_out_and_said(tmp_path: Path) -> None:
    (tmp_path / "X.csv").write_text("a,b\n1,2\n", "utf-8")
    assert "names of the columns" in read_given("X", str(tmp_path / "X.csv")).notes[0]


def test_limits_are_counted_while_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "X.csv").write_text("1,2,3\n" * 10, "utf-8")
    assert mistake(str(tmp_path / "X.csv"), elements=10).code == "E-LIMIT"
    assert mistake(str(tmp_path / "X.csv"), bytes=20).code == "E-LIMIT"
    found = mistake(saved(tmp_path / "X.npy", np.zeros(11)), elements=10)
    assert (found.code, found.hint) == ("E-LIMIT", "--limit elements=11 allows it")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("http://127.0.0.1:9/X.csv", "nothing is fetched"),
        ("https://example.org/X.npy", "nothing is fetched"),
        ("file:///etc/passwd", "nothing is fetched"),
        ("b.csv.gz", "compressed"),
        ("X.npy.bz2", "compressed"),
        ("X.zip", "compressed"),
        ("model.pt", "programs"),
        ("a.pickle", "programs"),
        ("X.mat", "neither"),
        ("X", "neither"),
        ("/etc/passwd", "neither"),
    ],
)
def test_addresses_and_kinds_of_files_that_are_not_read_are_refused_by_name(
    tmp_path: Path, text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.open", lambda *arguments: pytest.fail("nothing may be opened"))
    found = mistake(text)
    assert found.code == "E-DATA"
    assert said in found.message
    assert not os.listdir(tmp_path)


def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.npy").mkdir()
    for name in ("pipe.csv", "folder.npy", "missing.npy", "a\0b.npy"):
        assert mistake(str(tmp_path / name)).code == "E-FILE"
    os.symlink("/dev/zero", tmp_path / "endless.csv")
    assert mistake(str(tmp_path / "endless.csv")).code == "E-FILE"


def test_what_is_not_finite_is_taken_with_a_warning() -> None:
    assert read_given("x", "nan").warnings == ["x (given as nan): its value is NaN or infinite"]
    assert "2 of its entries are" in read_given("x", "[nan, 1, -inf]").warnings[0]
    assert read_given("x", "[1, 2]").warnings == []
