"""What the page says."""

RESPONSIBLE_USE = """
### Before you search for somebody

* Descriptors and photos of people are personal data, in many places biometric
  data. Whoever keeps this gallery answers for it.
* Small distances say that two images look alike in the parts that both show.
  Clothes make up most of that. A hit is a reason to look, not to act: let a
  person decide, who sees both images.
* Models of appearance make different errors for different groups of people.
* Do not use this to follow people who have not agreed and need not agree.

### What is stored, and where

* The gallery lies in `{path}`, with {images} images now. Nothing in it is
  encrypted.
* A photo that you choose here lies in a folder that only you can read, for an
  hour at most, and until this program ends at most. It becomes no part of the
  gallery. Pictures of hits are written nowhere.
* "Remove" deletes descriptors, thumbnails and all that was told of an image,
  overwrites their bytes and writes the file anew. Backups, and the image files
  themselves, are out of its reach.
* The page asks no other machine for anything and tells nobody anything.

More is in the guide, "Responsible use and personal data"
(`docs/guide/responsible_use.md`).
"""
HINT = (
    "Several people in the photo? Click two opposite corners around one of "
    "them, or type the box."
)
EXPOSED = (
    "Anybody who reaches this machine at {host} can search this gallery{too}, "
    "for the page has no password. Keep 127.0.0.1 where that is not meant."
)
NO_GRADIO = (
    "The page needs gradio. Install it by `pip install 'keras_drop[ui]'`."
)
# A click on a button of `cards`, wherever it lies in the HTML.
ON_LOAD = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) trigger("click", {
    what: button.dataset.do, value: JSON.parse(button.dataset.value)});
});
"""
# On a phone what was found lies below.
SHOW_FOUND = """
() => document.querySelector("#found").scrollIntoView({behavior: "smooth"})
"""
CSS = """
.gradio-container{max-width:84rem!important}
footer{display:none!important}
#removal{position:fixed;bottom:1rem;left:50%;transform:translateX(-50%);
z-index:60;width:min(30rem,94vw);box-shadow:0 4px 24px #0006;padding:1rem;
background:var(--background-fill-primary);border-radius:8px;flex-grow:0}
"""
