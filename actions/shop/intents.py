"""What each intent of the shop means, as the end of "would you like to ...?"."""

from collections.abc import Mapping
from typing import Final

INTENT_PHRASES: Final[Mapping[str, str]] = {
    "order_status": "know where an order is",
    "order_cancel": "cancel an order",
    "order_change_address": "change the address of an order",
    "delivery_problem": "report a problem with a delivery",
    "item_damaged": "report a damaged or wrong item",
    "return_start": "send something back",
    "refund_status": "know where a refund is",
    "warranty_question": "ask about a warranty",
    "repair_request": "have something repaired",
    "invoice_request": "get an invoice",
    "payment_problem": "solve a problem with a payment",
    "instalments_request": "pay in instalments or later",
    "double_charge": "report that you were charged twice",
    "discount_question": "ask about discounts",
    "product_question": "ask about a product",
    "product_compare": "compare two products",
    "product_recommend": "get a recommendation",
    "product_availability": "know whether something is in stock",
    "account_access": "get back into your account",
    "account_change_data": "change your account's data",
    "account_delete_data": "have your data deleted",
    "plan_cancel": "cancel a service plan",
    "plan_pause": "pause a service plan",
    "plan_downgrade": "change to a smaller service plan",
    "complaint": "make a complaint",
    "opening_hours": "know our opening hours",
    "help": "hear what I can do",
    "attune_talk_to_person": "talk to a person",
    "attune_emotion_off": "switch off that I notice how you feel",
    "attune_what_do_you_know": "know what is stored about you",
    "attune_repeat": "hear my last answer again",
}
