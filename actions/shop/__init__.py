"""The demo shop's own actions: orders, returns, complaints, plans and products on the real database."""

from collections.abc import Sequence

from actions.base import AttuneAction
from actions.context import ActionContext
from actions.shop.asking_back import AskHeardAction
from actions.shop.begin import BeginAction
from actions.shop.care import RepairAction, WarrantyAction
from actions.shop.complaints import ComplaintAction
from actions.shop.forms import (
    AddressFormValidation,
    CancelFormValidation,
    ComplaintFormValidation,
    OrderFormValidation,
    PlanFormValidation,
    ReturnFormValidation,
)
from actions.shop.intents import INTENT_PHRASES
from actions.shop.order_answer import OrderAnswerAction
from actions.shop.order_changes import AskCancelAction, CancelAction, ChangeAddressAction
from actions.shop.plans import AskPlanAction, AskPlanConfirmAction, PlanAction
from actions.shop.products import AvailabilityAction, CompareAction, ProductQuestionAction
from actions.shop.returns import AskItemAction, ReturnAction
from actions.shop.told import InformAction

__all__ = ["INTENT_PHRASES", "pack_actions"]


def pack_actions(context: ActionContext) -> Sequence[AttuneAction]:
    """Every action of the shop, as the domain lists them."""
    return [
        BeginAction(context),
        InformAction(context),
        OrderAnswerAction(context),
        CancelAction(context),
        ReturnAction(context),
        ChangeAddressAction(context),
        ComplaintAction(context),
        PlanAction(context),
        WarrantyAction(context),
        RepairAction(context),
        ProductQuestionAction(context),
        CompareAction(context),
        AvailabilityAction(context),
        AskHeardAction(context),
        AskCancelAction(context),
        AskItemAction(context),
        AskPlanAction(context),
        AskPlanConfirmAction(context),
        OrderFormValidation(context),
        CancelFormValidation(context),
        ReturnFormValidation(context),
        AddressFormValidation(context),
        ComplaintFormValidation(context),
        PlanFormValidation(context),
    ]
