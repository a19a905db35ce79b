"""Notices and their ways out of the house."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from ksb.core.notices.enums import Channel, DeliveryState
from ksb.core.notices.kinds import kind_of
from ksb.core.notices.querysets import DeliveryQuerySet, NoticeQuerySet


class Notice(models.Model):
    """One fact told to one reader. The words come from the kind and ``params``, in the reader's language.

    The reader is a ``user``, a desk (``role`` at ``facility``, or in the city's offices), or a party outside, such as a
    household. ``key`` holds what makes the fact this one: the same is told once. A desk's notice is read when one of the desk
    has read it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    user = models.ForeignKey(
        "facilities.User", on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("user"), db_index=False
    )
    role = models.CharField(_("role"), max_length=30, blank=True)
    facility = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("facility"),
        db_index=False,
    )
    party_type = models.CharField(_("kind of party"), max_length=60, blank=True)
    party_id = models.BigIntegerField(_("party"), null=True)
    about_type = models.CharField(_("kind of thing"), max_length=60, blank=True)
    about_id = models.BigIntegerField(_("thing"), null=True)
    link = models.CharField(_("what the address of its page names"), max_length=40, blank=True)
    params = models.JSONField(_("what the words name"), default=dict)
    key = models.CharField(max_length=200, unique=True, editable=False)
    told = models.DateTimeField(_("told"))
    read_at = stamps.at(_("read at"))
    read_by = stamps.by(_("read by"), db_index=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            stamps.pair("notice", "read"),
            models.CheckConstraint(
                name="notice_has_one_reader",
                condition=Q(user__isnull=False, role="", facility__isnull=True, party_type="", party_id__isnull=True)
                | Q(user__isnull=True, party_type="", party_id__isnull=True) & ~Q(role="")
                | Q(user__isnull=True, role="", facility__isnull=True, party_id__isnull=False) & ~Q(party_type=""),
            ),
            models.CheckConstraint(
                name="notice_read_after_told", condition=Q(read_at__isnull=True) | Q(read_at__gte=F("told"))
            ),
        ]
        indexes = [
            models.Index(fields=["role", "facility", "-id"], name="notice_of_desk", condition=~Q(role="")),
            models.Index(
                fields=["role", "facility"],
                name="notice_unread_of_desk",
                condition=~Q(role="") & Q(read_at__isnull=True),
            ),
            models.Index(fields=["user", "-id"], name="notice_of_user", condition=Q(user__isnull=False)),
            models.Index(
                fields=["party_type", "party_id", "-id"], name="notice_of_party", condition=Q(party_id__isnull=False)
            ),
            models.Index(fields=["about_type", "about_id"], name="notice_about", condition=Q(read_at__isnull=True)),
            models.Index(fields=["told"], name="notice_by_age"),
        ]

    def __str__(self):
        return self.kind

    @property
    def text(self):
        """What is told, in the language of whoever looks."""
        return kind_of(self.kind).words(self.params)

    @property
    def sentiment(self):
        return kind_of(self.kind).sentiment

    @property
    def address(self):
        """The page of what it is about; empty where there is none."""
        return kind_of(self.kind).address(self.link)


class Delivery(models.Model):
    """One message on its way out. ``public_id`` goes with every try, so that a gateway can tell a repeat.

    A process that dies between sending and marking leaves SENDING behind; ``next_try`` is then when another one takes it up:
    each message goes out at least once.
    """

    STATES = DeliveryState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("notice"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    address = models.CharField(
        _("address"), max_length=120, blank=True, help_text=_("emptied some weeks after the end")
    )
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    queued = models.DateTimeField(_("queued"))
    next_try = models.DateTimeField(_("next try"), null=True)
    finished = models.DateTimeField(_("finished"), null=True)
    provider_id = models.CharField(_("the gateway's number"), max_length=120, blank=True)
    error = models.CharField(_("last error"), max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel", "address"],
                condition=~Q(address=""),
                name="one_message_per_notice_and_address",
            ),
            models.CheckConstraint(
                name="message_waits_until_its_end",
                condition=Q(state__in=["SENT", "GIVEN_UP"], next_try__isnull=True, finished__isnull=False)
                | Q(state__in=["QUEUED", "SENDING", "FAILED"], next_try__isnull=False, finished__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["next_try"], name="message_to_send", condition=Q(next_try__isnull=False)),
            models.Index(fields=["finished"], name="message_with_address", condition=~Q(address="")),
        ]

    def __str__(self):
        return f"{self.get_channel_display()} {self.notice}"
