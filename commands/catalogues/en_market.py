"""What is said in English of the market: offers, needs, searches and notices.

Data only, beside `commands.catalogues.en` and put together with it in
`commands.catalogues`: OFERTA, NECESITO, BUSCAR and QUITAR.
"""

from commands.command import Keyword

WORDS = {
    Keyword.oferta: "OFFER",
    Keyword.necesito: "NEED",
    Keyword.buscar: "FIND",
    Keyword.quitar: "DROP",
}

USAGE = {
    Keyword.oferta: "OFFER, what you offer and its price",
    Keyword.necesito: "NEED and what you look for",
    Keyword.buscar: "FIND and what you look for",
    Keyword.quitar: "DROP and the number of the ad",
}

SAMPLES = {
    Keyword.oferta: "OFFER fresh cheese {some_small}",
    Keyword.necesito: "NEED plumber",
    Keyword.buscar: "FIND cheese",
    Keyword.quitar: "DROP 123",
}

TEMPLATES = {
    # ---- the market
    "offer_published": (
        "Offer {ad} is published until {day}: {thing}."
        " People looking for it: {seekers}. To take it off: DROP {ad}"
    ),
    "need_published": (
        "Ad {ad} is published until {day}: you need {thing}."
        " Offers now: {offered}, see FIND {query}. To take it off: DROP {ad}"
    ),
    "ads_full": (
        "NOT published: you have {most} ads already, which is the most."
        " Take one off and write it again. Your ads: DROP"
    ),
    "not_listed": (
        "NOT published: you asked that others do not see your ads."
        " To be seen call: {help}"
    ),
    "offers_found": (
        "{query} {page}/{pages}:\n{line_1}\n{line_2}\nMore: FIND {query} {next_page}"
    ),
    "nothing_found": (
        "Nobody offers {query} for now. To be told when somebody does: NEED {query}"
    ),
    "nothing_found.beyond": (
        "No more offers of {query}. To see them again: FIND {query}"
    ),
    "ad_dropped": "Ad {ad} taken off: {thing}.",
    "ad_unknown": (
        "Nothing taken off: you have no ad with that number. Your ads: DROP"
    ),
    "own_ads": ("To take one off: DROP and its number.\n{own}"),
    "own_ads.none": (
        "You have no ads. To publish one: OFFER, what you offer and its price"
    ),
    "offer_met": (
        "Somebody offers what you need ({ad}): {thing}. {seller} {seller_contact}."
        " To stop these: {stop} NOTICES"
    ),
    "need_met": (
        "Somebody needs what you offer ({ad}): {thing}. {seeker} {seeker_contact}."
        " To stop these: {stop} NOTICES"
    ),
    "ad_ending": (
        "Your ad {ad} closes on {day}: {thing}."
        " To keep it write it again. To take it off: DROP {ad}"
    ),
    "help_text.oferta": (
        "OFFER publishes what you sell: write what it is and the price at the end."
        " Ex: {sample}. DROP takes it off."
    ),
    "help_text.necesito": (
        "NEED publishes what you look for, and you are told if somebody offers it."
        " Ex: {sample}. DROP takes it off."
    ),
    "help_text.buscar": (
        "FIND tells who offers something, 2 a message. Ex: {sample}."
        " If nobody does write NEED."
    ),
    "help_text.quitar": (
        "DROP takes an ad of yours off: write its number. Ex: {sample}."
        " DROP alone tells your ads."
    ),
    "not_understood.price_unclear": (
        "NOT published: price not clear. Write the price at the end, like {some_small},"
        " and never your PIN. Ex: {sample}"
    ),
}
