"""Settings, from the environment or a file `.env`; every one of them is documented in `.env.example`."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import setting_checks

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """All that an operator can choose. The defaults run on one machine with SQLite and no tokens."""

    # Errors say what is wrong without the value: it may be a secret.
    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", hide_input_in_errors=True
    )

    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8311, ge=1, le=65535, description="Port the web server listens on.")
    database_url: str = Field(
        "sqlite+aiosqlite:///var/casa.sqlite3", description="SQLAlchemy URL of the database (SQLite or PostgreSQL)."
    )
    data_dir: Path = Field(Path("var"), description="Folder for photos and voice notes.")
    attachments_max_mb: int = Field(
        5_000, ge=10, description="Megabytes that photos and voice notes may take; beyond that none is kept."
    )
    sends_at_once: int = Field(
        1, ge=1, le=32, description="Messages under way at the same time; so many may reach people twice after a crash."
    )
    expo_edition: str = Field(
        "", description="Edition of data/expo/ that is under way, by its file name; empty for none."
    )
    receipt_key: SecretStr = Field(
        SecretStr(""),
        description="32 bytes in base64 that sign receipts; empty: a file of DATA_DIR, made at first use.",
    )
    open311_upstream: str = Field(
        "",
        description="Address of a city's own Open311 back end, such as https://city.example/open311/v2; empty for none.",
    )
    open311_upstream_key: str = Field("", description="Our api_key at that back end.")
    open311_upstream_jurisdiction: str = Field(
        "", description="The jurisdiction_id that the back end asks for; empty for none."
    )
    metrics_token: str = Field("", description="Bearer token for /metrics; without one only this machine may read it.")
    log_secret: str = Field("", description="Key of the hash that stands for a person in the logs.")
    public_url: str = Field("", description="Address of this service on the internet, as messaging services know it.")
    telegram_token: SecretStr = Field(
        SecretStr(""), description="Token of the bot, from BotFather; empty: no Telegram."
    )
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="What Telegram sends with each update; empty: derived from the token."
    )
    telegram_api_url: str = Field("https://api.telegram.org", description="A Bot API server of one's own.")
    staff_hours: str = Field(
        "",
        description='When people answer at the staff desk: "mon-fri 08:30-16:30; sat 09:00-12:00"; empty: no promise.',
    )
    broadcasts_per_second: float = Field(
        5.0, gt=0, le=50, description="How fast messages to many go out; answers to people always go first."
    )
    retention_messages_days: int = Field(90, ge=1, description="Days that messages and replies are kept.")
    retention_requests_days: int = Field(
        365, ge=1, description="Days after its end that a request keeps words, photos and who made it."
    )
    twilio_account_sid: str = Field("", description="Account at Twilio for WhatsApp (AC...).")
    twilio_auth_token: SecretStr = Field(SecretStr(""), description="Its auth token.")
    twilio_auth_token_previous: SecretStr = Field(
        SecretStr(""), description="The token before, still accepted in webhooks while it is being replaced."
    )
    whatsapp_from: str = Field(
        "", description="WhatsApp number of the assistant, with country code; empty: no WhatsApp."
    )
    twilio_api_url: str = Field("", description="A server to ask in place of Twilio, for tests.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    _level = field_validator("log_level")(setting_checks.level)
    _public = field_validator("public_url")(setting_checks.public_address)
    _servers = field_validator("open311_upstream", "telegram_api_url", "twilio_api_url")(setting_checks.address)
    _key = field_validator("receipt_key")(setting_checks.receipt_seed)
    _hours = field_validator("staff_hours")(setting_checks.hours)

    @property
    def root(self) -> Path:
        """The folder that holds `config.yml` and `data/`."""
        return PROJECT
