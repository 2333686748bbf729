"""What is said in Spanish of the market: offers, needs, searches and notices.

Data only, beside `commands.catalogues.es` and put together with it in
`commands.catalogues`: OFERTA, NECESITO, BUSCAR and QUITAR.
"""

from commands.command import Keyword

WORDS = {
    Keyword.oferta: "OFERTA",
    Keyword.necesito: "NECESITO",
    Keyword.buscar: "BUSCAR",
    Keyword.quitar: "QUITAR",
}

USAGE = {
    Keyword.oferta: "OFERTA, lo que ofrece y su precio",
    Keyword.necesito: "NECESITO y lo que busca",
    Keyword.buscar: "BUSCAR y lo que busca",
    Keyword.quitar: "QUITAR y el numero del anuncio",
}

SAMPLES = {
    Keyword.oferta: "OFERTA queso fresco {some_small}",
    Keyword.necesito: "NECESITO plomero",
    Keyword.buscar: "BUSCAR queso",
    Keyword.quitar: "QUITAR 123",
}

TEMPLATES = {
    # ---- the market
    "offer_published": (
        "Oferta {ad} publicada hasta {day}: {thing}. Personas que la buscan: {seekers}."
        " Quitar: QUITAR {ad}"
    ),
    "need_published": (
        "Anuncio {ad} publicado hasta {day}: busca {thing}."
        " Ofertas que hay: {offered}, vea BUSCAR {query}. Quitar: QUITAR {ad}"
    ),
    "ads_full": (
        "NO publicado: ya tiene {most} anuncios y es el maximo."
        " Quite uno y escribalo de nuevo. Sus anuncios: QUITAR"
    ),
    "not_listed": (
        "NO publicado: usted pidio que otros no vean sus anuncios."
        " Para que los vean pida ayuda: {help}"
    ),
    "offers_found": (
        "{query} {page}/{pages}:\n{line_1}\n{line_2}\nMas: BUSCAR {query} {next_page}"
    ),
    "nothing_found": (
        "Nadie ofrece {query} por ahora. Para que le avisemos escriba: NECESITO {query}"
    ),
    "nothing_found.beyond": (
        "No hay mas ofertas de {query}. Para verlas otra vez: BUSCAR {query}"
    ),
    "ad_dropped": "Anuncio {ad} quitado: {thing}.",
    "ad_unknown": (
        "Nada quitado: usted no tiene un anuncio con ese numero. Sus anuncios: QUITAR"
    ),
    "own_ads": ("Para quitar: QUITAR y el numero.\n{own}"),
    "own_ads.none": (
        "Usted no tiene anuncios. Para publicar uno: OFERTA, lo que ofrece y su precio"
    ),
    "offer_met": (
        "Hay oferta de lo que busca ({ad}): {thing}. {seller} {seller_contact}."
        " Parar avisos: {stop} AVISOS"
    ),
    "need_met": (
        "Buscan lo que usted ofrece ({ad}): {thing}. {seeker} {seeker_contact}."
        " Parar avisos: {stop} AVISOS"
    ),
    "ad_ending": (
        "Su anuncio {ad} se cierra el {day}: {thing}."
        " Para seguir escribalo otra vez. Quitar: QUITAR {ad}"
    ),
    "help_text.oferta": (
        "OFERTA publica lo que usted vende: escriba que es y al final el precio."
        " Ej: {sample}. La quita QUITAR."
    ),
    "help_text.necesito": (
        "NECESITO publica lo que busca y le avisamos si alguien lo ofrece."
        " Ej: {sample}. Lo quita QUITAR."
    ),
    "help_text.buscar": (
        "BUSCAR dice quien ofrece algo, 2 por mensaje. Ej: {sample}."
        " Si nadie lo ofrece escriba NECESITO."
    ),
    "help_text.quitar": (
        "QUITAR quita un anuncio suyo: escriba su numero. Ej: {sample}."
        " QUITAR solo dice sus anuncios."
    ),
    "not_understood.price_unclear": (
        "NO publicado: precio no claro. Escriba el precio al final, como {some_small},"
        " y nunca su PIN. Ej: {sample}"
    ),
}
