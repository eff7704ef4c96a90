"""The pages: the only list of them, in the order of the navigation."""

from desktop.pages.checks.findings import FindingsPage
from desktop.pages.importing.importing import ImportPage
from desktop.pages.insurance.insurance import InsurancePage
from desktop.pages.money.funding import FundingPage
from desktop.pages.overview.overview import OverviewPage
from desktop.pages.people.duplicates import DuplicatesPage
from desktop.pages.people.volunteers import VolunteersPage
from desktop.pages.registers import BloodPage, GoodsPage, MembershipPage, VenuePage, WorkPage
from desktop.pages.reports.reports import ReportsPage
from desktop.pages.rollup.rollup import RollupPage
from desktop.pages.service.certificates import CertificatesPage
from desktop.pages.service.serving import ServingPage
from desktop.pages.system.history import HistoryPage
from desktop.pages.system.settings import SettingsPage
from desktop.pages.teams.teams import TeamsPage
from desktop.pages.training.training import TrainingPage
from desktop.shell.page import Page

PAGES: tuple[type[Page], ...] = (
    OverviewPage,
    TeamsPage,
    VolunteersPage,
    MembershipPage,
    TrainingPage,
    InsurancePage,
    FundingPage,
    GoodsPage,
    ServingPage,
    CertificatesPage,
    BloodPage,
    WorkPage,
    VenuePage,
    FindingsPage,
    ReportsPage,
    RollupPage,
    ImportPage,
    DuplicatesPage,
    HistoryPage,
    SettingsPage,
)
BY_KEY = {page.key: page for page in PAGES}
PAGE_OF = {record.name: page.key for page in PAGES for record in page.records}  # the page of each record
