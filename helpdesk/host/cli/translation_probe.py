"""Whether the translation service translates."""

from helpdesk.host.cli.checks import Check, CheckStatus
from helpdesk.translation.client import TranslationClient, TranslationFailed
from helpdesk.translation.services import TranslationRequest
from helpdesk.translation.translator import service_of
from store.settings import Settings


async def check_translation(chosen: Settings) -> list[Check]:
    """One short sentence of our own is translated; skipped where no service is configured."""
    service = service_of(chosen)
    if service is None:
        return [Check(name="translation", status=CheckStatus.SKIPPED, found="no service is configured")]
    client = TranslationClient()
    try:
        await client.translate(service, TranslationRequest(text="Guten Tag.", source="de", target="en"))
    except TranslationFailed as failure:
        return [Check(name="translation", status=CheckStatus.FAILED, found=str(failure))]
    finally:
        await client.close()
    return [Check(name="translation", status=CheckStatus.OK, found=f"{service.form} answers")]
