"""Connected components of a graph."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Nodes = NDArray[np.integer]


def components(left: Nodes, right: Nodes, nodes: int) -> NDArray[np.int64]:
    """The number of the component of each node, from 0 in order of their first node.

    Args:
        left: one end of each edge, from 0 to `nodes` - 1.
        right: the other end.
        nodes: number of nodes; a node without an edge is a component.

    Example:
        >>> components(np.array([0, 3]), np.array([1, 1]), 5).tolist()
        [0, 0, 1, 0, 2]
    """
    edges = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(nodes, nodes))
    return np.asarray(connected_components(edges, directed=False)[1], dtype=np.int64)
