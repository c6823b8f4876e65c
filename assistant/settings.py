"""The settings of the assistant, from arguments, ASSISTANT_* variables and a .env file, in this order."""

from pathlib import Path
from typing import Annotated, Final

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import InvalidSettings
from index.embedding import BUNDLED_MODEL

PREFIX: Final = "ASSISTANT_"


def _default_home() -> Path:
    return Path(platformdirs.user_data_dir("footnote-assistant", appauthor=False))


_Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]


class Settings(BaseSettings):
    """What can be set. Every field is also the variable ASSISTANT_ and its name in capitals.

    Use `load_settings` where a wrong value must become an InvalidSettings with one readable line.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    home: _Folder = Field(default_factory=_default_home, description="The folder with the index.")
    embedding_model: str = Field(
        BUNDLED_MODEL, min_length=1, description="A sentence-transformers model: a folder, or a name on the hub."
    )
    model: str | None = Field(
        None,
        pattern=r"^[a-z0-9_]+:.+$",
        description="The language model that answers, as provider:name. Without one, answers are quotes.",
    )
    base_url: str | None = Field(None, description="The address of a server that speaks the provider's API.")
    api_key: SecretStr | None = Field(None, description="The provider's key, where its own variable is not set.")
    timeout: float = Field(60.0, gt=0, le=3600, description="Seconds to wait for the language model.")
    passages: int = Field(8, ge=1, le=50, description="Passages that an answer is made from.")
    quotes: int = Field(6, ge=1, le=20, description="Sentences that an answer without a language model quotes.")
    confidence: float = Field(
        0.35, ge=0, le=1, description="Below this confidence the assistant declines. 0 never declines."
    )
    max_question: int = Field(2_000, ge=10, le=100_000, description="Characters that a question may have.")
    host: str = Field("127.0.0.1", description="The address that the app listens on.")
    port: int = Field(7860, ge=0, le=65535, description="The port that the app listens on.")


def load_settings(**values: object) -> Settings:
    """Return the settings, those in `values` first. Raises InvalidSettings, naming each setting that is wrong."""
    given = {name: value for name, value in values.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        lines = [
            f"{PREFIX}{'_'.join(str(part) for part in problem['loc']).upper()} cannot be {problem['input']!r}: "
            f"{problem['msg']}."
            for problem in error.errors()
        ]
        raise InvalidSettings(" ".join(lines)) from error
