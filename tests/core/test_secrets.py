"""What is taken for a secret, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.secrets import is_secret_name, masked, masked_command, url_without_user

SECRETS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+", min_size=12, max_size=40)


@pytest.mark.parametrize(
    "name",
    ["password", "DB_PASSWD", "--api-key", "apiKey", "AWS_SECRET_ACCESS_KEY", "hf_token", "Authorization", "auth"],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name", ["lr", "tokenizer", "max_tokens", "max_new_tokens", "num_tokens", "key", "author", "seed"]
)
def test_names_of_settings(name: str) -> None:
    assert not is_secret_name(name)


@given(SECRETS)
def test_a_secret_is_masked_wherever_it_stands(secret: str) -> None:
    for text in (
        f"postgresql://ada:{secret}@host:5432/db",
        f"https://{secret}@github.com/a/b.git",
        f"https://host/path?token={secret}&x=1",
        f"https://host/path?a=1&X-Amz-Signature={secret}",
        f"PASSWORD={secret}",
        f"api_key: '{secret}'",
        f'client_secret = "{secret}"',
    ):
        assert secret not in masked(text), text


@given(SECRETS)
def test_a_command_line_without_its_secrets(secret: str) -> None:
    command = [
        "train.py",
        "--lr",
        "0.1",
        "--api-key",
        secret,
        f"--password={secret}",
        "--token",
        "--verbose",
        "data.csv",
    ]
    shown = masked_command(command)
    assert secret not in " ".join(shown)
    assert shown[:3] == command[:3] and shown[-2:] == command[-2:]


@given(st.text())
def test_any_text_can_be_masked(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@pytest.mark.parametrize(
    "text",
    ["--lr 0.1 --epochs 10", "git@github.com:team/code.git", "https://host/a?page=2", "f(x) = y: 3, key=4", "a@b.c"],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text


def test_an_address_loses_its_user() -> None:
    assert url_without_user("https://ada:pw@host/a.git") == "https://host/a.git"
    assert url_without_user("ssh://git@host/a.git") == "ssh://git@host/a.git", "nothing else would be found by it"
    assert url_without_user("ssh://git:pw@host:22/a.git") == "ssh://git@host:22/a.git"
    assert url_without_user("git@host:a.git") == "git@host:a.git"
