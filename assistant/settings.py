"""The settings of the assistant, from arguments, ASSISTANT_* variables and a .env file, in this order."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.errors import InvalidSettings
from index.embedding import BUNDLED_MODEL
from index.history import KEPT

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PREFIX: Final = "ASSISTANT_"


_SHOWN: Final = 80
_SHARED: Final = ("catalog_url", "chroma_url", "milvus_url")
"""The settings that put a part of a library on a server."""
_HINTS: Final = {
    "model": "write it as provider:name, as in openai:gpt-4o-mini or ollama:llama3",
    "private_hosts": "write hosts with commas between them, as in wiki.intranet, 10.0.0.7:8080",
    "hosts": "write names with commas between them, as in news.example.org, 10.0.0.7:8443",
}


def _default_home() -> Path:
    return Path(platformdirs.user_data_dir("footnote-assistant", appauthor=False))


def _absolute(path: Path) -> Path:
    try:
        str(path).encode()
        return path.expanduser().absolute()
    except (RuntimeError, ValueError) as error:
        raise ValueError(f"this is not a folder that can be made ({error})") from error


def _split(value: object) -> object:
    return tuple(filter(None, re.split(r"[\s,]+", value))) if isinstance(value, str) else value


_Folder = Annotated[Path, AfterValidator(_absolute)]
_Host = Annotated[str, Field(pattern=r"^(?i:[a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$")]
# A list of words, where pydantic-settings would want JSON.
_Hosts = Annotated[tuple[_Host, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """What can be set. Every field is also the variable ASSISTANT_ and its name in capitals.

    Use `load_settings` where a wrong value must become an InvalidSettings with one readable line.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: _Folder = Field(default_factory=_default_home, description="The folder with the index.")
    catalog_url: SecretStr | None = Field(
        default=None,
        description="The database of PostgreSQL with the catalog, which several homes may share. "
        "Without one, it is a file in the home.",
    )
    embedding_model: str = Field(
        default=BUNDLED_MODEL,
        min_length=1,
        description="A sentence-transformers model: a folder, or a name on the hub.",
    )
    chroma_url: str | None = Field(
        default=None, description="The address of a Chroma server, or of Chroma Cloud, that keeps the vectors."
    )
    chroma_tenant: str = Field(default="default_tenant", min_length=1, description="The tenant of the Chroma server.")
    chroma_database: str = Field(
        default="default_database", min_length=1, description="The database of the Chroma server."
    )
    chroma_key: SecretStr | None = Field(default=None, description="The key of the Chroma server.")
    milvus_url: str | None = Field(
        default=None, description="The address of a Milvus server or cluster that keeps the vectors."
    )
    milvus_token: SecretStr | None = Field(default=None, description="The key of Milvus, or user:password.")
    reranker: str | None = Field(
        default=None, description="A sentence-transformers CrossEncoder that orders the passages again."
    )
    model: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9_]+:.+$",
        description="The language model that answers, as provider:name. Without one, answers are quotes.",
    )
    base_url: str | None = Field(default=None, description="The address of a server that speaks the provider's API.")
    api_key: SecretStr | None = Field(
        default=None, description="The provider's key, where its own variable is not set."
    )
    timeout: float = Field(default=60.0, gt=0, le=3600, description="Seconds to wait for the language model.")
    retries: int = Field(
        default=2, ge=0, le=10, description="Times to try the language model again, before its first word."
    )
    max_tokens: int = Field(
        default=1_024, ge=64, le=100_000, description="Tokens that a reply of the language model may have."
    )
    context_window: int | None = Field(
        default=None, ge=1_024, description="Tokens that the language model can read, where the program cannot know."
    )
    strict: bool = Field(default=False, description="Leave out statements that their citations do not support.")
    verify: Literal["model"] | None = Field(
        default=None, description="Set to model to have the language model check each statement against its quotes."
    )
    translate: bool = Field(
        default=False, description="Have the language model translate quotes into the language of the question."
    )
    keep_versions: int = Field(
        default=KEPT, ge=0, le=10_000, description="Former versions of each article that stay readable."
    )
    passages: int = Field(default=8, ge=1, le=50, description="Passages that an answer is made from.")
    quotes: int = Field(default=6, ge=1, le=20, description="Sentences that an answer without a language model quotes.")
    confidence: float = Field(
        default=0.25, ge=0, le=1, description="Below this confidence the assistant declines. 0 never declines."
    )
    max_question: int = Field(default=2_000, ge=10, le=100_000, description="Characters that a question may have.")
    private_hosts: _Hosts = Field(
        default=(), description="Hosts of your own network from which pages may be fetched, host or host:port."
    )
    site_pages: int = Field(
        default=500, ge=1, le=10_000, description="Pages of a site, and entries of a feed, that are looked at."
    )
    ray_address: str | None = Field(
        default=None,
        description="The Ray cluster of 'assistant index --engine ray', as host:port; else one on this machine.",
    )
    host: str = Field(default="127.0.0.1", description="The address that the app listens on.")
    port: int = Field(default=7860, ge=0, le=65535, description="The port that the app listens on.")
    hosts: _Hosts = Field(default=(), description="Further names that the app goes by, such as that of its proxy.")
    auth: SecretStr | None = Field(
        default=None, description="Who may sign in: a file, or lines, that 'assistant password' made."
    )
    tls_certificate: Path | None = Field(default=None, description="A PEM file with the certificate of the app.")
    tls_key: Path | None = Field(default=None, description="A PEM file with the key of that certificate.")
    max_upload_mb: int = Field(default=100, ge=1, le=10_000, description="Megabytes that one upload may have.")
    max_upload_files: int = Field(default=200, ge=1, le=1_000, description="Files that one upload may have.")
    max_queue: int = Field(default=64, ge=1, le=10_000, description="Questions that may wait for their turn.")
    calls_per_minute: int = Field(
        default=300, ge=10, le=1_000_000, description="Calls a minute that one user, or one address, may make."
    )

    def private_to(self, home: Path) -> "Settings":
        """Return the settings of a library that lies in `home` with all that is its own, and shares no server."""
        return self.model_copy(update={"home": home, **dict.fromkeys(_SHARED)})


def load_settings(**values: object) -> Settings:
    """Return the settings, those in `values` first. Raises InvalidSettings, naming each setting that is wrong."""
    given = {name: value for name, value in values.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        raise InvalidSettings(" ".join(map(_problem, error.errors()))) from error
    except UnicodeDecodeError as error:
        raise InvalidSettings(f"The file {Path('.env').absolute()} is not UTF-8. Save it as UTF-8.") from error


def _problem(problem: "ErrorDetails") -> str:
    name = "_".join(str(part) for part in problem["loc"] if isinstance(part, str))
    shown = repr(problem["input"])
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    return f"{PREFIX}{name.upper()} cannot be {shown}: {_HINTS.get(name, problem['msg'])}."
