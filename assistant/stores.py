"""The server that keeps the vectors, if the settings name one."""

from assistant.errors import InvalidSettings
from assistant.settings import Settings
from index import ChromaServer, MilvusServer


def load_store(settings: Settings) -> ChromaServer | MilvusServer | None:
    """Return the store that the settings name, None where the vectors are in the home folder. Connects to nothing.

    Raises InvalidSettings where two are named, or something that is no address.
    """
    if settings.chroma_url and settings.milvus_url:
        raise InvalidSettings(
            "ASSISTANT_CHROMA_URL and ASSISTANT_MILVUS_URL are both set, and the vectors are in one store. Unset one."
        )
    try:
        if settings.chroma_url:
            key = settings.chroma_key.get_secret_value() if settings.chroma_key else None
            return ChromaServer(
                settings.chroma_url, tenant=settings.chroma_tenant, database=settings.chroma_database, key=key
            )
        if settings.milvus_url:
            token = settings.milvus_token.get_secret_value() if settings.milvus_token else None
            return MilvusServer(settings.milvus_url, token=token)
    except ValueError as error:
        name = "ASSISTANT_CHROMA_URL" if settings.chroma_url else "ASSISTANT_MILVUS_URL"
        raise InvalidSettings(f"{name} is wrong: {error}.") from error
    return None
