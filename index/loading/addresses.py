"""What stands at a web address: a page, a feed or a site.

How a sync uses it:

    with Fetcher(private_hosts=…) as fetcher:                    # one a run
        listing = list_address(url, kind, fetcher, stamp, parse=parse, pages=500)

`kind` is None for an address that is new; `listing.kind` is then what was found there, and is given the next time.
`stamp` is that of the last listing of this source. Give "" where an item of it failed, so that a feed that did not
change is listed again. `listing.address` is the address in its normal form, which `normal_url` also returns.

`parse(data, ending, source)` turns fetched bytes into what they hold, as `index.loading.load_bytes` and
`FileReaders.parse` do; ".html" is such an ending. It raises UnreadableArticle.

Where an item has a stamp of its own (an entry's hash, a page's lastmod), its reading has the same stamp, so an item
whose stamp is the one remembered need not be read. `item.read(stamp)` fetches, and may wait for seconds.
"""

from collections.abc import Callable
from typing import Final

from index.fetching import Fetcher
from index.listing import Kind, Listing
from index.loading import Loaded

Parse = Callable[[bytes, str, str], Loaded]

PAGES: Final = 500
"""Pages of a site, and entries of a feed, that are looked at."""


def list_address(
    address: str, kind: Kind | None, fetcher: Fetcher, stamp: str = "", *, parse: Parse, pages: int = PAGES
) -> Listing:
    """Return what stands at a web address. What cannot be fetched is among the listing's failures; raises nothing."""
    raise NotImplementedError
