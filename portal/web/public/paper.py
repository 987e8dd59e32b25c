"""The other way in: on paper, by telephone, in person. As good as the screen (art. 12(2))."""

from flask import render_template

from portal.domain.rights import rights_by_law
from portal.web.citizen.rights import RIGHT_TEXT
from portal.web.frame import frame
from portal.web.guard import PUBLIC, Visit
from portal.web.routes import Page

page = Page("public.paper")


@page.route("/<lang>/<controller>/paper", PUBLIC)
def forms(visit: Visit) -> str:
    """Where to write and ring, and a form to print and fill in."""
    here = visit.here
    places = [place[visit.language] for way in here.delivery if way.manner == "on_site" for place in way.places]
    sender = (here.controller.name[visit.language], *here.controller.address)
    return render_template(
        "public/paper/forms.html",
        here=here,
        rights=[RIGHT_TEXT[right] for right in rights_by_law(here)],
        address=here.requests_to.post or here.contact.post or sender,
        phone=here.requests_to.phone or here.contact.phone or here.dpo.phone,
        email=here.requests_to.email or here.contact.email,
        places=places,
        **frame(visit),
    )
