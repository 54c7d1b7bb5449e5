"""What MkDocs does not do by itself: pages outside docs/, pages made from the code, folders in the navigation."""

from __future__ import annotations

import posixpath
import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

HERE = Path(__file__).resolve().parent
REPO = HERE.parents[1]
# MkDocs takes these folders out again once this module is loaded
sys.path[:0] = [str(HERE), str(REPO / "python")]

from reference import reference_pages  # noqa: E402

# pages of the repository's root that are pages of the site; other files that a page links to lie below repository/
ROOT_PAGES = ("CONTRIBUTING.md", "CHANGELOG.md")
OTHER_FILES = "repository/"
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<=\]\()(?P<path>[^)#\s:]+)(?=[)#])")


def on_config(config: Any) -> Any:
    """Replace a folder in the navigation by its pages."""
    config.nav = _with_folders(config.nav, Path(config.docs_dir))
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the generated pages, and what pages link to outside docs/."""
    for name, text in reference_pages(REPO).items():
        files.append(File.generated(config, f"reference/{name}", content=text))
    waiting = [*ROOT_PAGES, *(f"docs/{file.src_uri}" for file in files.documentation_pages() if not file.generated_by)]
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        in_site = _in_site(path)
        if not path.startswith("docs/"):
            files.append(File.generated(config, in_site, abs_src_path=str(REPO / path)))
        if path.endswith(".md"):
            text = CODE.sub("", (REPO / path).read_text(encoding="utf-8"))
            linked = {_linked(path, link["path"]) for link in LINK.finditer(text)}
            found = sorted(p for p in linked - seen if not p.startswith("docs/") and (REPO / p).is_file())
            seen |= set(found)
            waiting += found
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Let the links of a page, which are right in the repository, lead to the same thing on the site."""
    uri = page.file.src_uri
    if uri.startswith("reference/"):
        return markdown
    source = uri.removeprefix(OTHER_FILES) if uri.startswith(OTHER_FILES) else uri
    path = source if uri.startswith(OTHER_FILES) or uri in ROOT_PAGES else f"docs/{uri}"

    def moved(link: re.Match[str]) -> str:
        target = _linked(path, link["path"])
        return posixpath.relpath(_in_site(target), posixpath.dirname(uri) or ".")

    parts, end = [], 0
    for code in CODE.finditer(markdown):
        parts += [LINK.sub(moved, markdown[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*parts, LINK.sub(moved, markdown[end:])])


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Put the Markdown of each page next to it, which docs/llms.txt links to."""
    source = Path(config.site_dir, page.file.src_uri)
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(page.file.content_string, encoding="utf-8")
    return output


def _linked(page: str, link: str) -> str:
    """Path in the repository of what a page links to; of a folder, its README."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), link))
    return f"{path}/README.md" if (REPO / path / "README.md").is_file() else path


def _in_site(path: str) -> str:
    """Path below the site's root of a file of the repository."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    return path if path in ROOT_PAGES else OTHER_FILES + path


def _with_folders(nav: list[Any], docs: Path) -> list[Any]:
    expanded: list[Any] = []
    for entry in nav:
        ((title, value),) = entry.items() if isinstance(entry, dict) else ((None, entry),)
        if isinstance(value, list):
            value = _with_folders(value, docs)
        elif value.endswith("/"):
            value = sorted(
                (page.relative_to(docs).as_posix() for page in (docs / value).glob("*.md")), key=_readme_first
            )
        expanded.append({title: value} if title else value)
    return expanded


def _readme_first(page: str) -> tuple[bool, str]:
    return not page.endswith("README.md"), page
