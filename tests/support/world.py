"""Two of everything: two Puskesmas, hospitals, counters and verifiers, each with their own families, letters and claims.

What one side owns is foreign to the other. One user a role belongs to a side, so that each can knock at both.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from claims import deliveries
from claims import documents as claim_papers
from claims.models import Finding
from claims.rules.catalogue import BY_CODE
from facilities import accounts, bed_keys
from facilities.enums import Role, Service
from facilities.models import BedCount
from ksb.core.models import Job, JournalBlock
from ksb.core.notices.telling import To, tell
from participants import documents, newborns, signals
from participants.families import find_family
from participants.lookups import look_up
from participants.models import MembersImport, SyncRun
from referrals import escalation, handover, issuing
from referrals.emergency import papers
from referrals.models import EmergencyNotice
from tests import factories as f
from tests.budget import factories as b
from tests.claims import factories as c
from tests.facilities.factories import price_table
from tests.notices import factories as n
from tests.participants import factories as p
from tests.participants import office as o
from tests.referrals import emergencies as e
from tests.referrals import factories as r
from tests.support.scans import pdf, upload
from tests.verification import factories as v
from verification import decisions, disputes, minutes, team
from verification.models import Conflict

# A batch has one verifier at a time: the medical verifier works on the other side's.
SIDE_OF = {Role.VERIFIER_MEDICAL: "B"}


@dataclass
class Side:
    """What belongs to one Puskesmas, one hospital, one counter and one verifier."""

    name: str
    users: dict = field(default_factory=dict)
    things: dict = field(default_factory=dict)

    def marks(self, kinds):
        """Texts that appear on a page only when it shows one of this side's things of ``kinds``."""
        return {mark for kind in kinds for mark in MARKS[kind](self.things[kind])}


def _family_marks(household):
    return {household.kk_number, household.head.nik, household.head.name}


MARKS = {
    "family": _family_marks,
    "member family": _family_marks,
    "scanned family": lambda thing: set(),  # its marks are those of the family in hand
    "application": lambda thing: {thing.number, str(thing.public_id)},
    "application to visit": lambda thing: {thing.number, str(thing.public_id)},
    "import": lambda thing: {str(thing.public_id)},
    "signal": lambda thing: {str(thing.public_id)},
    "scan": lambda thing: {str(thing.public_id)},
    "card": lambda thing: {thing.number, str(thing.public_id)},
    "card in hand": lambda thing: {thing.number, str(thing.public_id)},
    "newborn": lambda thing: {thing.name, str(thing.public_id)},
    "newborn request": lambda thing: {str(thing.public_id)},
    "emergency": lambda thing: {thing.number, str(thing.public_id)},
    "emergency look-up": lambda thing: {str(thing.pk)},
    "look-up elsewhere": lambda things: {str(thing.pk) for thing in things.values()},
    "emergency paper": lambda thing: {str(thing.public_id)},
    "letter": lambda thing: {thing.number, str(thing.public_id)},
    "escalation": lambda thing: {str(thing.public_id)},
    "patient": lambda thing: {thing.nik},
    "cancelled letter": lambda thing: {thing.number, str(thing.public_id)},
    "control letter": lambda thing: {thing.number, str(thing.public_id)},
    "back-referral": lambda thing: {thing.number, str(thing.public_id)},
    "completed episode": lambda thing: {str(thing.public_id)},
    "waiting letter": lambda thing: {thing.number, str(thing.public_id)},
    "extension": lambda thing: {str(thing.public_id)},
    "series": lambda thing: {str(thing.public_id)},
    "trip": lambda thing: {str(thing.public_id)},
    "proof": lambda thing: {str(thing.public_id)},
    "finding": lambda thing: set(),  # its claim's marks speak
    "rule": lambda thing: set(),
    "figures": lambda thing: set(),
    "rule setting": lambda thing: {str(thing.public_id)},
    "fraud signal": lambda thing: {str(thing.public_id)},
    "batch": lambda thing: {thing.number, str(thing.public_id)},
    "claim": lambda thing: {thing.reference, str(thing.public_id)},
    "claim paper": lambda thing: {str(thing.public_id)},
    "delivery": lambda thing: {str(thing.public_id)},
    "BAHV": lambda thing: {thing.number, str(thing.public_id)},
    "payment": lambda thing: {str(thing.public_id)},
    "audit": lambda thing: {thing.letter, str(thing.public_id)},
    "audit finding": lambda thing: {str(thing.public_id)},
    "budget document": lambda thing: {thing.number, str(thing.public_id)},
    "recovery": lambda thing: {str(thing.public_id)},
    "reconciliation": lambda thing: {str(thing.public_id)},
    "facility": lambda thing: set(),  # public
    "contract": lambda thing: {thing.bank_account, str(thing.public_id)},
    "account change": lambda thing: {thing.bank_account, str(thing.public_id)},
    "suspension": lambda thing: set(),
    "roster": lambda thing: set(thing.doctors.values_list("name", flat=True)),
    "doctor": lambda thing: {thing.name, thing.registration},
    "sync run": lambda thing: set(),
    "bed key": lambda thing: {thing.cons_id},
    "print batch": lambda thing: set(),
    "ticket": lambda thing: {thing.number, str(thing.public_id)},
    "override": lambda thing: {str(thing.public_id)},
    "JKN row": lambda thing: {thing.nik},
    "proposed rules": lambda thing: {str(thing.public_id)},
    "dispensation": lambda thing: {str(thing.public_id)},
    "price table": lambda thing: {str(thing.public_id)},
    "special cover": lambda thing: {thing.number, str(thing.public_id)},
    "event": lambda thing: {thing.name, str(thing.public_id)},
    "told notice": lambda thing: {str(one.public_id) for one in thing.values()},
}
# Of a patient's health: the diagnosis of every letter and claim of the world, and what was found.
HEALTH = {"J18.9", r.EXAMINATION["complaint"], r.EXAMINATION["findings"], e.CASE["findings"], e.CASE["statement"]}
# The places of addresses that hold the key of the table; all others hold an opaque id.
KEYS = {
    "finding": "pk",
    "rule": "code",
    "verifier": "pk",
    "tie": "pk",
    "absence": "pk",
    "figures": "code",
    "facility": "code",
    "roster": "code",
    "suspension": "pk",
    "doctor": "pk",
    "bed key": "pk",
    "sync run": "pk",
    "look-up": "pk",
    "emergency look-up": "pk",
    "look-up elsewhere": "pk",
    "JKN row": "pk",
}


def _of(thing, role):
    """Some things belong to one person and not to the side: those are kept by role, the first for all other roles."""
    return thing.get(role) or next(iter(thing.values())) if isinstance(thing, dict) else thing


class World:
    """``users[role]`` and ``own(kind, role)`` / ``foreign(kind, role)`` for every kind of thing an address names."""

    def __init__(self):
        f.fresh_sources()
        self.city = {role: f.make_user(role) for role in Role if not role.startswith(("HOSPITAL", "PUSKESMAS"))}
        self.sides = {name: self._side(name, n) for n, name in enumerate("AB")}
        self._reports()
        self.users = {role: self.side(role).users.get(role, self.city.get(role)) for role in Role}

    def side(self, role):
        return self.sides[SIDE_OF.get(role, "A")]

    @staticmethod
    def identifier(kind, thing):
        """What stands in an address for ``thing``."""
        return getattr(thing, KEYS.get(kind, "public_id"))

    def address(self, route, role):
        """The address of ``route`` with a thing of the role's own side in it, where it names one."""
        if not route.kind:
            return route.address()
        return route.address(**{route.parts[0]: self.identifier(route.kind, self.own(route.kind, role))})

    def own(self, kind, role):
        return _of(self.side(role).things[kind], role)

    def foreign(self, kind, role):
        return _of(self.foreign_side(role).things[kind], role)

    def foreign_side(self, role):
        return self.sides["A" if self.side(role).name == "B" else "B"]

    def _reports(self):
        """What only the administration shows."""
        r.ambulance_tariff()
        Job.objects.create(name="night", day=f.TODAY, state="DONE", finished=f.NOW)
        JournalBlock.objects.create(
            number=1, first_entry=1, from_transaction=1, to_transaction=2, last_entry=1, entries=1, digest="0" * 64
        )
        n.send_out(addresses=[("EMAIL", "warga@contoh.id")])
        BedCount.objects.create(
            facility=f.hospital(),
            ward="CLASS_3",
            capacity=10,
            occupied=4,
            reported_at=f.NOW,
            reported_by=self.city[Role.DINKES_SERVICES],
        )
        Conflict.objects.create(
            verifier=self.sides["B"].users[Role.VERIFIER_MEDICAL],
            hospital=f.hospital(5),
            reason="Keluarga",
            recorded_by=self.city[Role.VERIFIER_COORDINATOR],
        )

    def _side(self, name, n):
        puskesmas, hospital = f.puskesmas(n), r.contracted(n)
        users = {role: f.make_user(role, facility=hospital) for role in Role if role.startswith("HOSPITAL")}
        users |= {role: f.make_user(role, facility=puskesmas) for role in Role if role.startswith("PUSKESMAS")}
        users[Role.REGISTRATION_CLERK] = f.make_user(Role.REGISTRATION_CLERK)
        reader = (Role.VERIFIER_ADMIN, Role.VERIFIER_MEDICAL)[n]
        users[reader] = v.verifier(reader)
        side = Side(name, users)
        self._network(side, hospital)
        self._counter(side)
        self._letters(side, hospital)
        self._kinds(side, hospital)
        self._newborns(side, hospital)
        self._emergencies(side)
        self._claims(side, hospital, users[reader])
        self._notices(side)
        return side

    def _network(self, side, hospital):
        """The hospital's contract with an account that waits, a doctor, and a suspension far ahead."""
        contract = hospital.contracts.get()
        proposed = {"bank_name": "Bank Lain", "bank_holder": hospital.name, "tax_number": "", "evidence": "12/RS/2026"}
        side.things |= {
            "facility": hospital,
            "roster": hospital,
            "doctor": f.make_doctor(hospital),
            "contract": contract,
            "suspension": f.suspend(hospital, since=f.TODAY + timedelta(days=300)),
            "account change": accounts.propose(
                contract=contract,
                bank_account=f"77{hospital.code}",
                actor=f.make_user(Role.DINKES_SERVICES),
                **proposed,
            ),
        }

    def _notices(self, side):
        """One for each user in person; the city's own with side A."""
        readers = self.city | side.users if side.name == "A" else side.users
        told = {role: tell(n.PLAIN, to=To(user=user), at=f.NOW) for role, user in readers.items()}
        side.things["told notice"] = told

    def _counter(self, side):
        """Families, applications and cards the counter's clerk has entered or looked up today."""
        clerk = side.users[Role.REGISTRATION_CLERK]
        card = p.make_card(state="READY")
        in_hand = p.make_card(state="ACTIVE")
        application = p.make_application(actor=clerk)
        refused = p.make_application(actor=clerk)
        p.enrolment.reject(enrolment=refused, reason_code="OWN_REQUEST", reason="Diminta", actor=p.verifier(), at=f.NOW)
        refused.refresh_from_db()
        visited = p.make_application(actor=p.clerk())
        p.enrolment.order_field_check(enrolment=visited, actor=p.verifier(), at=f.NOW)
        side.things |= {
            "application": application,
            "application to visit": visited,
            "import": MembersImport.objects.create(
                **{"file_name": "lama.csv", "dry_run": True, "added": 1, "unchanged": 0, "refused": 1, "cards": 0},
                path=default_storage.save("imports/refused.csv", ContentFile(b"line;reason;message\n")),
                imported_at=f.NOW,
                imported_by=f.system(),
            ),
            "signal": signals.report(household=application.household, text="Calo", actor=clerk, at=f.NOW),
            "scan": documents.attach(enrolment=application, kind="KK", file=upload(), actor=clerk, at=f.NOW),
            "rejected application": refused,
            "family": application.household,
            "sync run": SyncRun.objects.order_by("pk").first(),
            "card": card,
            "card in hand": in_hand,
            "scanned family": in_hand.household,
            "print batch": card.batch,
            "member family": card.household,
            "price table": price_table(kind={"A": "PERDA", "B": "SESSION"}[side.name]),
            "proposed rules": p.propose_scheme(code=f"P7{side.name}"),
            "special cover": p.make_special_cover(resident=card.household.head),
            "event": p.make_special_event(name=f"KLB DBD {side.name}"),
            "bed key": bed_keys.issue(facility=f.hospital("AB".index(side.name)), actor=f.system(), at=f.NOW)[0],
        }
        families = (thing.household for thing in (application, refused, visited, card, in_hand))
        self._registry_faults(side, card.household, clerk)
        for household in families:
            find_family(number=household.kk_number, actor=clerk, at=f.NOW)
        for role in (Role.PUSKESMAS_CLERK, Role.PUSKESMAS_DOCTOR, Role.HOSPITAL_DESK):
            find_family(number=in_hand.household.kk_number, actor=side.users[role], at=f.NOW)

    def _registry_faults(self, side, household, clerk):
        """What Dukcapil was asked on line by each desk, a ticket the counter opened, and an override that waits."""
        desks = (Role.REGISTRATION_CLERK, Role.PUSKESMAS_CLERK, Role.HOSPITAL_DESK)
        checks = {desk: o.make_check(side.users.get(desk, clerk), nik=household.head.nik) for desk in desks}
        ticket = o.make_ticket(household.head, actor=clerk)
        side.things |= {
            "online check": checks,
            "ticket": ticket,
            "override": o.propose(household.head, "C03", ticket=ticket, actor=self.city[Role.DINKES_MEMBERSHIP]),
        }

    def _letters(self, side, hospital):
        clerk, desk = side.users[Role.PUSKESMAS_CLERK], side.users[Role.HOSPITAL_DESK]
        letter = r.issue(clerk, to=hospital)
        cancelled = r.issue(clerk, to=hospital)
        issuing.cancel(sjp=cancelled, actor=clerk, at=f.NOW, reason="Salah tulis")
        cancelled.refresh_from_db()
        answers = {
            **{name: str(value) for name, value in r.EXAMINATION.items()},
            **{"diagnosis": "J18.9", "service": "OUTPATIENT", "specialty": "INT", "hospital": str(hospital.pk)},
        }
        draft = r.draft_for(clerk, f.covered_person(), **answers)
        self._aftercare(side, hospital)
        side.things |= {
            "escalation": self._escalation(clerk, hospital),
            "letter": letter,
            "patient": letter.resident,
            "cancelled letter": cancelled,
            "episode": r.admit(r.issue(clerk, to=hospital), desk, at=f.NOW),
            "look-up": draft.lookup,
        }

    def _aftercare(self, side, hospital):
        """A visit with its summary and a control letter, a stay referred back, and a note between shifts of each desk."""
        clerk, desk = side.users[Role.PUSKESMAS_CLERK], side.users[Role.HOSPITAL_DESK]
        at = f.NOW + r.LATER
        came = r.left(r.issue(clerk, to=hospital), desk, at=at)
        control = r.call_back(r.complete(came, desk, at=at), desk, at=at)
        back = r.send_back(r.left(r.issue(clerk, to=hospital), desk, at=at), desk, at=at)
        of_hospital = handover.write(
            facility=hospital, shift="MORNING", text="Tempat tidur 3 rusak.", actor=r.desk(hospital), at=at
        )
        of_puskesmas = handover.write(
            facility=clerk.facility, shift="MORNING", text="Printer macet.", actor=r.clerk(clerk.facility), at=at
        )
        side.things |= {
            "completed episode": came,
            "control letter": control,
            "back-referral": back,
            "handover": {
                Role.HOSPITAL_DESK: of_hospital,
                Role.PUSKESMAS_CLERK: of_puskesmas,
                Role.PUSKESMAS_DOCTOR: of_puskesmas,
            },
        }

    @staticmethod
    def _escalation(clerk, hospital):
        """A request for intensive care nobody answered in time."""
        unanswered = r.issue(clerk, to=hospital, service="INTENSIVE")
        escalation.open_overdue(at=f.NOW + timedelta(minutes=20))
        return unanswered.referral.escalations.get()

    def _kinds(self, side, hospital):
        """A letter that waits for Dinkes with its proof, a stay that asks for more days, a series, an ambulance trip."""
        clerk, desk = side.users[Role.PUSKESMAS_CLERK], side.users[Role.HOSPITAL_DESK]
        member = f.covered_person()
        f.cover_elsewhere(member, segment=13)
        waiting = r.complement(member, actor=clerk, to=hospital)
        stay = r.issue(clerk, to=hospital, service=Service.INPATIENT)
        r.admit(stay, desk, at=f.NOW)
        dialysis = r.issue(clerk, to=hospital, service=Service.HAEMODIALYSIS)
        side.things |= {
            "waiting letter": waiting,
            "proof": waiting.proofs.get(),
            "extension": r.ask_for_days(stay, desk),
            "series": r.series(dialysis, desk),
            "trip": r.trip(side.things["letter"], desk),
        }

    def _newborns(self, side, hospital):
        """A birth at the hospital, known to the Puskesmas, with a request for an SJP and an unsure answer of the registry."""
        clerk, desk = side.users[Role.PUSKESMAS_CLERK], side.users[Role.HOSPITAL_DESK]
        mother = f.covered_person(sex=2)
        child = r.birth(desk, mother, puskesmas=clerk.facility)
        f.make_resident(mother.household, birth_date=f.TODAY, sex=2, mother_nik=mother.nik)
        newborns.match_births(on=f.TODAY, at=f.NOW)
        row = f.make_jkn_row(mother)
        side.things |= {"newborn": child, "newborn request": r.ask_for(child, desk), "JKN row": row}

    def _emergencies(self, side):
        """An emergency the hospital has reported of a patient of the Puskesmas, a paper of it, and a look-up for another."""
        desk = side.users[Role.HOSPITAL_DESK]
        notice = e.report(desk)
        EmergencyNotice.objects.filter(pk=notice.pk).update(puskesmas=side.users[Role.PUSKESMAS_CLERK].facility)
        notice.refresh_from_db()
        clerk, told_of = side.users[Role.PUSKESMAS_CLERK], f.covered_person()
        officer = self.city[Role.DINKES_SERVICES] if side.name == "A" else f.make_user(Role.DINKES_SERVICES)
        side.things |= {
            "look-up elsewhere": {
                user_role: look_up(nik=told_of.nik, actor=user, purpose="EMERGENCY", at=f.NOW)
                for user_role, user in ((Role.PUSKESMAS_CLERK, clerk), (Role.DINKES_SERVICES, officer))
            },
            "emergency": notice,
            "emergency paper": papers.attach(notice=notice, kind="KTP", file=upload(), actor=desk, at=f.NOW),
            "emergency look-up": look_up(
                **{"nik": f.covered_person().nik, "actor": desk, "purpose": "EMERGENCY", "at": f.NOW}
            ),
        }

    def _claims(self, side, hospital, reader):
        """One batch on the verifier's table, and one whose BAHV is signed and whose payment is proposed."""
        batch, _reader = v.assigned(v.submitted(hospital, claims=2), by=reader)
        biller = side.users[Role.HOSPITAL_BILLER]
        settled, _reader = v.assigned(v.submitted(hospital), by=reader)
        decisions.decide(claim=settled.claims.get(), outcome="APPROVE", actor=reader, at=f.NOW)
        bahv = minutes.draw(batch=settled, actor=reader, at=f.NOW)
        minutes.sign_hospital(bahv=bahv, actor=side.users[Role.HOSPITAL_DIRECTOR], at=f.NOW)
        minutes.sign_verifier(bahv=bahv, actor=reader, at=f.NOW)
        minutes.approve(bahv=bahv, actor=self.city[Role.DINKES_SERVICES], at=f.NOW)
        settled.refresh_from_db()
        claim = batch.claims.order_by("pk").first()
        self._questions(side, hospital, reader)
        payment = b.propose([bahv], actor=self.city[Role.DINKES_CLAIMS])
        side.things |= {
            "batch": batch,
            "claim": claim,
            "finding": Finding.objects.create(
                claim=claim, rule="TRF-03", severity="P", evidence={"bill": 1, "claimed": 2}
            ),
            "rule": BY_CODE["ADM-03"],
            "figures": SimpleNamespace(code="pending"),
            "rule setting": c.proposed_setting("REF-02" if side.name == "A" else "TRF-03"),
            "fraud signal": c.fraud_signal(hospital, claims=[claim.pk]),
            "claim paper": claim_papers.attach(
                **{"claim": claim, "kind": "RESUME", "actor": biller, "at": f.NOW},
                file=upload(pdf(extra=b"(%s)" % side.name.encode())),
            ),
            "delivery": deliveries.begin(
                **{"kind": "SCANS", "hospital": hospital, "batch": batch, "file_name": f"{side.name}.zip", "size": 9},
                **{"actor": biller, "at": f.NOW},
            ),
            "dispensation": c.dispensation(hospital),
            "BAHV": bahv,
            "payment": payment,
            **self._audit(side, hospital),
            "budget document": b.document(actor=self.city[Role.DINKES_CLAIMS]),
            "recovery": b.recovery(hospital, actor=self.city[Role.DINKES_CLAIMS]),
            "reconciliation": b.reconciliation(hospital, actor=self.city[Role.DINKES_CLAIMS]),
        }

    def _questions(self, side, hospital, reader):
        """What a verifier asked, rejected and what was disputed, two readers who disagree, and what the coordinator keeps."""
        second = v.verifier(Role.VERIFIER_MEDICAL)
        batch, _reader = v.assigned(v.submitted(hospital, claims=3), by=reader)
        asked, rejected, disputed = batch.claims.order_by("line_number")
        v.decide(asked, reader, "PEND", reason="Resume medis?")
        for claim in (rejected, disputed):
            v.decide(claim, reader, "REJECT", reason="Tidak terbukti")
        dispute = disputes.file_dispute(
            claim=disputed,
            argument="Bukti terlampir",
            files=[upload()],
            actor=side.users[Role.HOSPITAL_BILLER],
            at=f.NOW,
        )
        reading = v.read_twice(hospital, reader, second)
        coordinator = self.city[Role.VERIFIER_COORDINATOR]
        tie = team.record_conflict(
            verifier=second, hospital=f.hospital(6), reason="Keluarga", declared_on=None, actor=coordinator, at=f.NOW
        )
        away = team.record_absence(
            verifier=second, period=v.days(f.TODAY, 3), reason="Cuti", actor=coordinator, at=f.NOW
        )
        side.things |= {
            "question": asked.questions.get(),
            "rejected claim": rejected,
            "claim with a letter": v.assigned(v.submitted(hospital, sjp=side.things["letter"]), by=reader)[
                0
            ].claims.get(),
            "dispute": dispute,
            "evidence": dispute.proofs.get(),
            "second reading": reading,
            "verifier": second,
            "tie": tie,
            "absence": away,
        }

    def _audit(self, side, hospital):
        """An audit with a sample and a finding; side A's belongs to the world's auditor, side B's to a colleague."""
        auditor = self.city[Role.AUDITOR] if side.name == "A" else f.make_user(Role.AUDITOR)
        audit = b.audit(auditor, opener=self.city[Role.BUDGET_USER])
        return {"audit": audit, "audit finding": b.finding(audit, hospital)}
