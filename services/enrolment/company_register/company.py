"""What the register says of one establishment, and how it says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from services.enrolment.domain.organisation import LegalForm, Proof

# INSEE's ranges of staff, as the programme's own; the others are of 250 people and more. "NN" is unknown.
_SIZES = {
    "00": "0",
    "01": "1-9",
    "02": "1-9",
    "03": "1-9",
    "11": "10-49",
    "12": "10-49",
    "21": "50-249",
    "22": "50-249",
    "31": "50-249",
}
_LARGE = {"32", "41", "42", "51", "52", "53"}
# INSEE's categories of legal entities: 4 are public bodies with a trade, 7 public bodies.
_PUBLIC = ("4", "7")
_PROOFS = {
    "est_bio": Proof.ORGANIC,
    "est_ess": Proof.SOCIAL_ECONOMY,
    "est_siae": Proof.WORK_INTEGRATION,
    "est_rge": Proof.RGE,
    "est_achats_responsables": Proof.RESPONSIBLE_PURCHASING,
    "est_societe_mission": Proof.MISSION_DRIVEN,
}


@dataclass(frozen=True, kw_only=True)
class Company:
    """``commune_code`` is INSEE's, ``size`` a range of staff; ``is_closed`` when the establishment is."""

    siret: str
    name: str
    legal_form: LegalForm
    is_closed: bool
    naf_code: str | None = None
    size: str | None = None
    commune_code: str | None = None
    commune_name: str | None = None
    proven: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "proven": list(self.proven)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Company:
        return cls(**{**stored, "proven": tuple(stored["proven"])})


class _Lenient(Schema):
    class Meta:
        unknown = EXCLUDE


class _Establishment(_Lenient):
    siret = fields.String(required=True)
    commune = fields.String(load_default=None, allow_none=True)
    libelle_commune = fields.String(load_default=None, allow_none=True)
    etat_administratif = fields.String(load_default="A", allow_none=True)


class _Result(_Lenient):
    nom_complet = fields.String(required=True)
    nature_juridique = fields.String(load_default=None, allow_none=True)
    activite_principale = fields.String(load_default=None, allow_none=True)
    tranche_effectif_salarie = fields.String(load_default=None, allow_none=True)
    siege = fields.Nested(_Establishment, load_default=None, allow_none=True)
    matching_etablissements = fields.List(fields.Nested(_Establishment), load_default=list)
    complements = fields.Dict(load_default=dict, allow_none=True)


class _Answer(_Lenient):
    results = fields.List(fields.Nested(_Result), required=True)


def read_answer(body: Any, siret: str) -> Company | None:
    """The company of which this SIRET is an establishment; None when the register knows none.

    Raises ValidationError for an answer that is not in the documented format.
    """
    for result in _Answer().load(body)["results"]:
        for place in (*result["matching_etablissements"], result["siege"]):
            if place is not None and place["siret"] == siret:
                return _company(result, place)
    return None


def _company(result: Mapping[str, Any], place: Mapping[str, Any]) -> Company:
    facts = result["complements"] or {}
    return Company(
        siret=place["siret"],
        name=result["nom_complet"].strip()[:200],
        legal_form="public" if (result["nature_juridique"] or "").startswith(_PUBLIC) else "private",
        is_closed=place["etat_administratif"] == "F",
        naf_code=(result["activite_principale"] or "")[:6] or None,
        size=_size(result["tranche_effectif_salarie"]),
        commune_code=place["commune"],
        commune_name=place["libelle_commune"],
        # Only what is plainly said is proven: the word true, not something that looks like it.
        proven=tuple(proof.value for name, proof in _PROOFS.items() if facts.get(name) is True),
    )


def _size(code: str | None) -> str | None:
    return "250+" if code in _LARGE else _SIZES.get(code or "")
