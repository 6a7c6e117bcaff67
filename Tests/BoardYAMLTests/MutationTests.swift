import BoardYAML
import Configuration
import Testing

/// The generator SplitMix64 (Steele, Lea and Flood 2014), so that every run has the same cases.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

private let board = """
  board:    { name: river-07, location: { latitude: 46.0511, altitude: 298 m } }
  buses:
    i2c-1:  { device: /dev/i2c-1 }  # the header
  sensors:
    air:    { driver: bme280, on: i2c-1, address: 0x76, every: 10 s,
              channels: { temperature: { valid: -40..85 } } }
  kernels:
    air-1m:
      of: air.*
      compute: [mean, "µ", 'p95']
  hide:
    - supply.*
    - |
      text
  """

private let pieces: [[UInt8]] =
  [
    "*", "&a ", "*a", "!!str ", "! ", "<<: ", "\t", "---\n", "...\n", "%YAML 1.1\n", "{", "}", "[",
    "]", ": ", ":", ",", "- ", "? ", "'", "\"", "\\", "|", ">", "|2\n", "#", "\n", "\r", "\r\n",
    " ",
    "@", "`", "~", "null", "\u{FEFF}", "\u{85}", "\u{2028}", "\u{202E}", "µ", "[[[[[[[[", "{a: ",
    "\n  ", "\n    - ", "\"\\x", "\"\\0\"", "a: a: ",
  ].map { Array($0.utf8) } + [[0x00], [0xFF], [0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80], [0x1B]]

private func mutated(_ source: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
  var bytes = source
  for _ in 0...random.below(4) {
    let place = random.below(bytes.count + 1)
    let length = min(random.below(24), bytes.count - place)
    switch random.below(6) {
    case 0 where place < bytes.count: bytes[place] = UInt8(random.below(256))
    case 1: bytes.removeSubrange(place..<(place + length))
    case 2: bytes.insert(contentsOf: bytes[place..<(place + length)], at: random.below(place + 1))
    case 3: bytes.removeSubrange(place...)
    case 4: bytes.swapAt(min(place, bytes.count - 1), random.below(bytes.count))
    default: bytes.insert(contentsOf: pieces[random.below(pieces.count)], at: place)
    }
    if bytes.isEmpty { bytes = [0x61] }
  }
  return bytes
}

@Test func `twenty thousand damaged files give a tree, or an error with a place in the file`() {
  let source = Array(board.utf8)
  var random = SplitMix64(state: 2026)
  var understood = 0
  for number in 0..<20_000 {
    let bytes = mutated(source, &random)
    let (node, diagnostics) = BoardYAML.node(parsing: bytes)
    if node != nil && diagnostics.isEmpty { understood += 1 }
    if node == nil && diagnostics.isEmpty { Issue.record("case \(number): neither") }
    let lineCount = bytes.count { $0 == 0x0A } + 2
    for diagnostic in diagnostics {
      let position = diagnostic.position
      guard (1...lineCount).contains(position.line),
        (1...(bytes.count + 1)).contains(position.column)
      else {
        Issue.record("case \(number): \(diagnostic.line(in: "b.yaml"))")
        continue
      }
    }
  }
  // Both outcomes were met, and often.
  #expect(understood > 1_000)
  #expect(understood < 15_000)
}

@Test func `the undamaged file is understood`() {
  #expect(errors(board).isEmpty)
}

@Test func `every beginning of a file gives a tree or an error`() {
  let source = Array(board.utf8)
  for count in 0...source.count {
    let (node, diagnostics) = BoardYAML.node(parsing: Array(source[..<count]))
    #expect(node != nil || !diagnostics.isEmpty)
  }
}
