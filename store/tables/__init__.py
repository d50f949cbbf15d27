"""All tables, one file a subject; importing this module declares every one of them."""

from store.tables.agenda import FeedbackRow, SnapshotRow, StarRow
from store.tables.base import Base, UtcDateTime, plain
from store.tables.broadcasts import BroadcastRecipientRow, BroadcastRow
from store.tables.conversations import ConversationRow, InboxRow, OutboxRow
from store.tables.delivery import DeliveryRow, DutyRow, ProcessRow
from store.tables.expo import ExpoVersionRow
from store.tables.faq import FaqCheckRow, FaqDraftRow, FaqPullRow, FaqVersionRow
from store.tables.handover import HandoverRow
from store.tables.notices import NoticeRow
from store.tables.open311 import ApiKeyRow, ForwardRow, RequestTokenRow
from store.tables.requests import RequestEventRow, RequestFollowerRow, ServiceRequestRow
from store.tables.staff import StaffAccountRow, StaffAuditRow, StaffLinkRow, StaffLoginRow, StaffSessionRow
from store.tables.turns import TurnRow
from store.tables.whatsapp import (
    WhatsAppContactRow,
    WhatsAppMediaRow,
    WhatsAppReconciledRow,
    WhatsAppSeenRow,
    WhatsAppTemplateRow,
)

__all__ = [
    "ApiKeyRow",
    "Base",
    "BroadcastRecipientRow",
    "BroadcastRow",
    "ConversationRow",
    "DeliveryRow",
    "DutyRow",
    "ExpoVersionRow",
    "FaqCheckRow",
    "FaqDraftRow",
    "FaqPullRow",
    "FaqVersionRow",
    "FeedbackRow",
    "ForwardRow",
    "HandoverRow",
    "InboxRow",
    "NoticeRow",
    "OutboxRow",
    "ProcessRow",
    "RequestEventRow",
    "RequestFollowerRow",
    "RequestTokenRow",
    "ServiceRequestRow",
    "SnapshotRow",
    "StaffAccountRow",
    "StaffAuditRow",
    "StaffLinkRow",
    "StaffLoginRow",
    "StaffSessionRow",
    "StarRow",
    "TurnRow",
    "UtcDateTime",
    "WhatsAppContactRow",
    "WhatsAppMediaRow",
    "WhatsAppReconciledRow",
    "WhatsAppSeenRow",
    "WhatsAppTemplateRow",
    "plain",
]
