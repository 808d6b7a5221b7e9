"""The drawing of Drenthe that all maps share: 430 by 415, north up."""

from bookings.domain.distance import Point

# The drawing's corner and its scale: a degree of longitude is shorter than one of latitude.
WEST, NORTH = 6.0485, 53.2346
PER_DEGREE_EAST, PER_DEGREE_SOUTH = 402, 669.3
LEFT, TOP, RIGHT, BOTTOM = 30, 34, 418, 408

# A soft hull round its places, not the legal border.
LAND = (
    "M16 255Q16 261 24 276Q31 291 32 308Q34 324 31 346Q28 367 32 374Q35 381 40 385Q46 389 56 391"
    "Q65 393 79 400Q93 406 99 406Q105 405 115 400Q125 396 132 395Q138 394 144 396Q150 397 164 403"
    "Q178 409 203 404Q228 400 250 407Q273 414 292 411Q312 408 332 412Q353 415 364 419Q376 423 385 420"
    "Q394 418 400 410Q407 403 409 365Q411 327 414 320Q418 312 424 304Q430 297 432 290Q433 284 430 274"
    "Q427 265 418 256Q408 248 404 241Q400 234 396 220Q391 207 392 194Q394 181 392 174Q391 168 377 153"
    "Q363 138 348 125Q333 112 314 106Q296 99 286 85Q275 71 260 64Q245 56 234 44Q223 33 218 31"
    "Q212 29 191 28Q170 28 156 24Q142 20 132 24Q121 27 116 37Q110 47 109 92Q108 138 116 156"
    "Q124 174 124 180Q125 186 123 194Q121 202 114 210Q108 217 100 220Q93 224 68 223Q44 222 36 225"
    "Q28 228 24 233Q19 238 17 244Q15 249 16 255Z"
)

Spot = tuple[int, int]


def spot(point: Point) -> Spot:
    """Where this point lies in the drawing; one outside Drenthe at its edge."""
    latitude, longitude = point
    x, y = (longitude - WEST) * PER_DEGREE_EAST, (NORTH - latitude) * PER_DEGREE_SOUTH
    return round(min(max(x, LEFT), RIGHT)), round(min(max(y, TOP), BOTTOM))
