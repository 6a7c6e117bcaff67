"""Draws the lines of a terminal on standard input as an SVG picture on standard output."""
import html
import sys

lines = sys.stdin.read().rstrip("\n").split("\n")
columns = max(len(line) for line in lines)
wide, high, edge = 8.4, 18, 16
width, height = columns * wide + 2 * edge, len(lines) * high + 2 * edge
print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}">')
print('<rect width="100%" height="100%" rx="8" fill="#16181d"/>')
print('<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" fill="#d7dae0">')
for number, line in enumerate(lines):
    colour = ""
    if "SIMULATED" in line or "anomaly" in line:
        colour = ' fill="#e5c07b"'
    elif "verified" in line:
        colour = ' fill="#98c379"'
    y = edge + (number + 0.8) * high
    # xml:space keeps the blanks that align the columns.
    print(f'<text x="{edge}" y="{y:.0f}" xml:space="preserve"{colour}>{html.escape(line)}</text>')
print("</g></svg>")
