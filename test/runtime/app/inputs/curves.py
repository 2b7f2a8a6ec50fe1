"""Shows what an svg of curves has, and checks that every point is in its frame: curves.py FILE EPOCHS"""
import re
import sys
import xml.etree.ElementTree as tree

root = tree.parse(sys.argv[1]).getroot()
space = "{http://www.w3.org/2000/svg}"
texts = root.findall(space + "text")
print("title", texts[0].text)
print("texts", *(text.text for text in texts[1:]))
width, height = (float(root.get(name)) for name in ("width", "height"))
paths = [path for path in root.findall(space + "path") if path.get("class") == "curve"]
curves = [path.get("d") for path in paths if path.get("stroke-linecap")]
print("curves", len(curves))
for curve in curves:
    assert "nan" not in curve and "inf" not in curve, curve
    points = [tuple(map(float, point.split())) for point in re.findall(r"[ML]([-0-9.]+ [-0-9.]+)", curve)]
    assert len(points) <= min(int(sys.argv[2]), 1010), len(points)
    for x, y in points:
        assert 80 <= x <= width - 130 and 40 <= y <= height, (x, y)
    if len(points) > 500:
        assert points[0][0] == 80 and points[-1][0] == width - 130, points[-1]
for text in texts:
    assert -1 <= float(text.get("x")) <= width and 0 <= float(text.get("y")) <= height
