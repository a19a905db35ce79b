"""A fact is told once, to who is meant, in the words of their language."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from facilities.enums import Role
from ksb.core import journal, outbox
from ksb.core.models import Delivery, Notice, OutboxEvent
from ksb.core.notices import delivery
from ksb.core.notices.enums import Channel
from ksb.core.notices.kinds import all_kinds, kind, kind_of
from ksb.core.notices.telling import To, read, settle, tell
from tests import factories as f
from tests.notices import factories as n

pytestmark = pytest.mark.django_db


def test_the_same_fact_is_told_once():
    place = f.hospital()
    assert n.tell_desk(Role.HOSPITAL_DESK, place, about=place) is not None
    assert n.tell_desk(Role.HOSPITAL_DESK, place, about=place) is None
    assert n.tell_desk(Role.HOSPITAL_DESK, place, about=place, once="30 days") is not None
    assert n.tell_desk(Role.HOSPITAL_BILLER, place, about=place) is not None
    assert Notice.objects.count() == 3


def test_a_desk_reads_its_own_and_nobody_else_does():
    mine, theirs = f.hospital(0), f.hospital(1)
    desk = f.make_user(Role.HOSPITAL_DESK, facility=mine)
    told = n.tell_desk(Role.HOSPITAL_DESK, mine)
    for stranger in (
        f.make_user(Role.HOSPITAL_DESK, facility=theirs),
        f.make_user(Role.HOSPITAL_BILLER, facility=mine),
        f.make_user(Role.DINKES_SERVICES),
        f.make_user(Role.SYSTEM_ADMIN),
        f.make_user(),
    ):
        assert not Notice.objects.visible_to(stranger).exists()
    assert list(Notice.objects.visible_to(desk)) == [told]


def test_a_person_and_an_office_of_the_city_read_their_own():
    officer, other = f.make_user(Role.DINKES_SERVICES), f.make_user(Role.DINKES_SERVICES)
    tell(n.PLAIN, to=To(user=officer), at=f.NOW)
    n.tell_desk(Role.DINKES_SERVICES)
    assert Notice.objects.visible_to(officer).count() == 2
    assert Notice.objects.visible_to(other).count() == 1


def test_a_family_has_notices_of_its_own():
    household = f.make_household()
    told = tell(n.PLAIN, to=To(party=household), at=f.NOW)
    assert list(Notice.objects.of_party(household)) == [told]
    assert not Notice.objects.of_party(f.make_household()).exists()
    assert not Notice.objects.visible_to(f.make_user(*Role)).exists()


def test_what_is_read_is_read_for_the_whole_desk():
    place = f.hospital()
    first, second = (f.make_user(Role.HOSPITAL_DESK, facility=place) for _n in range(2))
    n.tell_desk(Role.HOSPITAL_DESK, place)
    assert read(Notice.objects.visible_to(first), actor=first, at=f.NOW) == 1
    assert not Notice.objects.visible_to(second).unread().exists()
    assert Notice.objects.get().read_by == first


def test_what_is_dealt_with_is_settled():
    place, other = f.hospital(0), f.hospital(1)
    n.tell_desk(Role.HOSPITAL_DESK, place, about=place)
    n.tell_desk(Role.HOSPITAL_DESK, place, about=other)
    assert settle(place, at=f.NOW, actor=f.system(), kinds=[n.PLAIN]) == 1
    assert Notice.objects.unread().count() == 1


def test_counting_ends_where_it_stops_to_matter():
    place = f.hospital()
    for number in range(105):
        n.tell_desk(Role.HOSPITAL_DESK, place, once=number)
    assert Notice.objects.unread().how_many() == 100


def test_a_notice_has_one_reader():
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(kind="x", key="x", told=f.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(kind="x", key="y", told=f.NOW, user=f.system(), role=Role.HOSPITAL_DESK)


def test_words_come_in_the_language_of_the_reader_and_days_as_they_are_read():
    told = n.send_out(addresses=())
    assert kind_of(told.kind).outside(told.params).startswith("Nomor 7, 22 ")
    plain = n.tell_desk(Role.DINKES_SERVICES)
    with translation.override("en"):
        english = plain.text
    with translation.override("id"):
        assert plain.text != english == "Letters"


def test_a_kind_that_is_gone_is_still_shown():
    assert Notice(kind="gone.100%", params={}).text == "gone.100%"
    assert Notice(kind="gone.100%", params={}).address == ""


def test_a_kind_is_written_once():
    with pytest.raises(RuntimeError):
        kind(n.PLAIN.code, text="x")


def test_without_words_for_outside_nothing_leaves_the_house():
    with pytest.raises(ValueError, match=r"test\.plain"):
        tell(n.PLAIN, to=To(user=f.system()), at=f.NOW, addresses=[(Channel.EMAIL, "a@b.id")])


def test_a_channel_that_is_not_set_up_is_left_out():
    n.send_out(addresses=[(Channel.SMS, "0812"), (Channel.EMAIL, "a@b.id"), (Channel.EMAIL, "")])
    assert list(Delivery.objects.values_list("channel", "address")) == [("EMAIL", "a@b.id")]


def test_every_word_of_a_kind_is_filled_by_names_and_no_message_names_people():
    for one in all_kinds():
        for forbidden in ("nik", "kk_number", "name", "patient", "diagnosis"):
            assert f"%({forbidden})s" not in str(one.message), one.code


# Following the journal


@pytest.fixture
def followed(monkeypatch):
    heard = []
    monkeypatch.setattr(outbox, "_handlers", {})
    outbox.follows("test.done")(heard.append)
    return heard


def test_who_follows_an_act_hears_of_it_once(followed):
    place, actor = f.hospital(), f.system()
    journal.record("test.done", place, actor=actor)
    journal.record("test.other", place, actor=actor)
    outbox.drain()
    outbox.drain()
    assert [(event.object_id, event.payload) for event in followed] == [(place.pk, {"actor": actor.pk})]


def test_who_follows_an_act_on_many_hears_of_each(followed):
    places = [f.hospital(0), f.hospital(1)]
    journal.record_many("test.done", places, actor=None)
    outbox.drain()
    assert [event.object_id for event in followed] == [place.pk for place in places]


def test_nobody_hears_of_what_was_rolled_back(followed):
    with transaction.atomic():
        journal.record("test.done", f.hospital(), actor=None)
        transaction.set_rollback(True)
    assert not OutboxEvent.objects.exists()


def test_addresses_are_forgotten_and_old_notices_deleted():
    old = n.send_out(addresses=[(Channel.EMAIL, "a@b.id")], at=f.NOW - delivery.ADDRESS_KEPT * 2)
    Delivery.objects.update(state="SENT", next_try=None, finished=old.told)
    past = n.send_out(addresses=[(Channel.EMAIL, "c@d.id")], at=f.NOW - delivery.NOTICE_KEPT * 2)
    fresh = n.send_out(addresses=[(Channel.EMAIL, "e@f.id")])
    assert delivery.forget(at=f.NOW) == {"addresses": 1, "notices": 1}
    assert not Notice.objects.filter(pk=past.pk).exists()
    assert [d.address for d in Delivery.objects.order_by("notice")] == ["", "e@f.id"]
    assert fresh.deliveries.get().state == "QUEUED"
