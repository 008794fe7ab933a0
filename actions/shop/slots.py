"""The names of the shop's slots and forms in the domain."""

from typing import Final

ORDER_NUMBER: Final = "shop_order_number"
PROOF: Final = "shop_proof"
ITEM: Final = "shop_item"
RETURN_REASON: Final = "shop_return_reason"
NEW_ADDRESS: Final = "shop_new_address"
COMPLAINT_TEXT: Final = "shop_complaint_text"
CONFIRM: Final = "shop_confirm"
PLAN: Final = "shop_plan"
PRODUCT: Final = "shop_product"
TOPIC: Final = "shop_topic"
ATTEMPTS: Final = "shop_attempts"
UNMATCHED: Final = "shop_unmatched"
HEARD: Final = "shop_heard"
NOT_ASKED: Final = "-"
"""The value of HEARD while nothing is asked back."""
DOUBT: Final = "shop_doubt"
BELIEVED: Final = "shop_believed"
MISHEARD: Final = "shop_misheard"
REQUESTED: Final = "requested_slot"

FORM_OF_INTENT: Final = {
    "order_status": "shop_order_form",
    "delivery_problem": "shop_order_form",
    "item_damaged": "shop_order_form",
    "refund_status": "shop_order_form",
    "invoice_request": "shop_order_form",
    "double_charge": "shop_order_form",
    "order_cancel": "shop_cancel_form",
    "return_start": "shop_return_form",
    "order_change_address": "shop_address_form",
    "complaint": "shop_complaint_form",
    "plan_cancel": "shop_plan_form",
    "plan_pause": "shop_plan_form",
    "plan_downgrade": "shop_plan_form",
}
"""Which form an intent opens; the rules in data/rules/shop_forms.yml say the same."""

OWN_SLOTS: Final = {
    "shop_cancel_form": (CONFIRM,),
    "shop_return_form": (ITEM, RETURN_REASON),
    "shop_address_form": (NEW_ADDRESS,),
    "shop_complaint_form": (COMPLAINT_TEXT,),
    "shop_plan_form": (PLAN, CONFIRM),
}
"""What a form asks besides the order: emptied when it opens, so that it never works with an older answer."""
