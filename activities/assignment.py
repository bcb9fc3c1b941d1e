"""Finding a mediator, or an adviser."""

from temporalio import activity

from activities.messages import Choice, ChooseAdviser, ChooseMediator
from domain.calendar import civil_date
from domain.clock import Clock
from domain.identifiers import InstitutionId, StaffId
from domain.matching import Need, Ranking, rank
from domain.staff import Role
from storage import directory
from storage.candidates import History, candidates, history_of_links
from storage.case_file import CaseFile
from storage.database import Database
from storage.models import CaseRow
from storage.vault import Vault


class AssignmentActivities:
    """Chooses whom to offer a case, and who answers a question."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    @activity.defn
    async def choose_mediator(self, request: ChooseMediator) -> Choice | StaffId | None:
        """Return the mediator whom the case suits best, or why it suits nobody.

        Only reads: the offer itself is the workflow's decision. The workflow also reads the
        answers that earlier releases gave: a mediator and no reasons.
        """
        async with self._database.transaction() as session:
            case = await session.get_one(CaseRow, request.case.id)
            institution = await directory.institution_of(session, case)
            file = CaseFile(session, self._vault, self._clock)
            need = Need(
                case=request.case.id,
                institution=InstitutionId(institution.id),
                kind=institution.kind,
                language=await file.language_of(request.case.id),
                region=institution.region,
                first_day=civil_date(request.now),
                answer_by=request.answer_by,
                excluded=frozenset(request.excluded),
            )
            links = await history_of_links(session, request.case.id)
            history = History(
                mediated={*links.mediated, *filter(None, [request.earlier])},
                withdrew=links.withdrew,
                advised={*links.advised, *request.advised},
            )
            found = await candidates(session, Role.MEDIATOR, need.institution, history, request.now)
        return _best(rank(found, need))

    @activity.defn
    async def choose_adviser(self, request: ChooseAdviser) -> Choice:
        """Return the adviser who answers a question: the one with the least to do.

        Nobody answers a question about a complaint that they mediate in.
        """
        async with self._database.transaction() as session:
            file = CaseFile(session, self._vault, self._clock)
            links = await history_of_links(session, request.case.id)
            need = Need(
                case=request.case.id,
                institution=None,
                kind=None,
                language=await file.language_of(request.case.id),
                first_day=civil_date(request.now),
                answer_by=request.begin_by,
                excluded=frozenset({*request.excluded, *links.mediated, *links.withdrew}),
            )
            earlier = History(mediated=[*filter(None, [request.earlier])])
            found = await candidates(session, Role.ADVISER, None, earlier, request.now)
        return _best(rank(found, need))


def _best(ranking: Ranking) -> Choice:
    if ranking.fitting:
        return Choice(ranking.fitting[0], {})
    return Choice(None, ranking.reasons)
