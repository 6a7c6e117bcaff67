import BrokerTesting
import Testing

/// A small generator with a seed, so that a failure comes again.
///
/// Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Tables that somebody's program, disk or editor has spoiled.
@Suite struct ComputeMutationTests {
  private static let count = 160

  private static let good = Array(
    """
    # a comment
    time,"b, c",b,note
    2026-01-31 12:00:00,1,2.5,"a ""quoted"" one"
    2026-01-31T12:00:01Z,,NaN,
    1769860802,-3e2,31,"x,y"
    1769860803000,7,-0,\u{FC}ber

    1769860804.25,8,9,end

    """.utf8)

  /// A table with some bytes changed, put in, cut out or doubled.
  private static func spoiled(_ generator: inout SplitMix) -> [UInt8] {
    let pieces = Array(",;\"\n\r#0-9.eEinfNa \u{0}\u{FF}\u{FEFF}".utf8)
    var bytes = good
    for _ in 0..<generator.next() % 5 {
      let place = Int(generator.next() % UInt64(bytes.count))
      let piece = pieces[Int(generator.next() % UInt64(pieces.count))]
      switch generator.next() % 5 {
      case 0: bytes.remove(at: place)
      case 1: bytes[place] = piece
      case 2: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
      case 3: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
      default: bytes.insert(piece, at: place)
      }
      if bytes.isEmpty { bytes = good }
    }
    return bytes
  }

  /// The lines of a table that are rows, cut as RFC 4180 has it but for quotes over several lines.
  private static func rows(_ bytes: [UInt8]) -> [(line: Int, bytes: [UInt8])] {
    var rows: [(line: Int, bytes: [UInt8])] = []
    for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      let row = Array(line.last == 13 ? line.dropLast() : line)
      if row.isEmpty || (rows.isEmpty && row.first == 35) { continue }
      rows.append((index + 1, row))
    }
    return rows
  }

  @Test func `a spoiled table is computed with all its rows, or refused with the line`()
    async throws
  {
    let directory = try Directory()
    var generator = SplitMix(state: 11)
    let tables = (0..<Self.count).map { $0 == 0 ? Self.good : Self.spoiled(&generator) }
    for (index, table) in tables.enumerated() {
      try Files.write(table, to: directory.path("\(index).csv"))
    }
    let script = """
      program=$1; shift
      for file; do
        "$program" compute "$file" --time time --kernel 'clamp: { of: b }' > "$file.out" 2> "$file.err"
        echo $? > "$file.code"
      done
      """
    // In parts, so that each ends soon on a slow machine too.
    for part in 0..<4 {
      let files = tables.indices.filter { $0 % 4 == part }.map { directory.path("\($0).csv") }
      let outcome = try await Cairn.run(
        "/bin/sh", ["-c", script, "sh", Cairn.path] + files, in: directory)
      #expect(outcome.code == 0 && outcome.errors.isEmpty)
    }
    var counts = (computed: 0, refused: 0)
    for (index, table) in tables.enumerated() {
      let path = directory.path("\(index).csv")
      let code = try directory.text(of: path + ".code")
      let errors = try directory.text(of: path + ".err")
      let output = try Files.bytes(path + ".out")
      let rows = Self.rows(table)
      if code == "0\n" {
        counts.computed += 1
        #expect(errors.split(separator: "\n").allSatisfy { $0.hasPrefix("cairn: ") }, "\(errors)")
        let written = output.split(separator: 10, omittingEmptySubsequences: false).dropLast()
        #expect(written.count == rows.count, "table \(index)")
        for (new, old) in zip(written.dropFirst(), rows.dropFirst()) {
          #expect([9, 44, 59].contains { new.starts(with: old.bytes + [$0]) })
        }
      } else {
        counts.refused += 1
        let isReversed = errors.contains("times only go back")
        #expect(
          code == (isReversed ? "1\n" : "2\n") && output.isEmpty, "table \(index): \(code)\(errors)"
        )
        #expect(errors.hasPrefix("cairn: ") && errors.hasSuffix("\n"))
        #expect(errors.dropLast().utf8.count { $0 == 10 } == 0, "\(errors)")
        guard errors.hasPrefix("cairn: \(path):") else {
          #expect(errors.contains("there is no column '"), "\(errors)")
          continue
        }
        let line = Int(errors.dropFirst("cairn: \(path):".count).prefix { $0.isNumber })
        #expect(rows.contains { $0.line == line } || rows.isEmpty, "\(errors)")
      }
    }
    #expect(counts.computed > 30 && counts.refused > 30, "\(counts)")
  }
}
