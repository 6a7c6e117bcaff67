import BrokerTesting
import Evidence
import Testing

/// Readings that are asked for by name, in the log's spelling or the board file's.
@Suite struct NamedReadingTests {
  private let directory: Directory
  private let log: OwnLog

  init() throws {
    directory = try Directory()
    log = try OwnLog(
      [
        // Signed at 12:00:02 and taken a second before, which the time-sync entry tells.
        try OwnLog.reading("air/power", 1, isTimed: false, seconds: 11),
        .init(type: .timeSync),
        try OwnLog.reading("air/power", 2, seconds: 6),
        try OwnLog.reading("frost/value", 3, seconds: 8, isHidden: true),
        try OwnLog.reading("meter/power", 4, seconds: 10, isHidden: true),
      ], in: directory)
  }

  private func prove(_ what: String, _ more: String...) async throws -> Cairn.Outcome {
    try await Cairn.run(
      Cairn.path, ["log", "prove", log.path, what] + more + ["-o", directory.path("proof")],
      in: directory)
  }

  private func proven() async throws -> String {
    try await Cairn.run("verify", directory.path("proof"), in: directory).output
  }

  @Test(arguments: ["air/power", "air.power", "urn:dev:cairn:bank:air/power"])
  func `are proven under every spelling`(name: String) async throws {
    #expect(try await prove("\(name)@2026-01-31T12:00:09Z").code == 0)
    #expect(try await proven().contains("entry 3 (data)"))
  }

  @Test func `are found by a time that was derived later`() async throws {
    #expect(try await prove("air.power@2026-01-31T12:00:03Z").code == 0)
    #expect(try await proven().contains("entry 1 (data)"))
    let before = try await prove("air.power@2026-01-31T12:00:00Z")
    #expect(before.code == 1)
    #expect(before.errors.contains("its readings are later, or have no time"), "\(before.errors)")
  }

  @Test(arguments: ["frost/value", "frost.value"])
  func `are proven and disclosed where they are hidden and can be opened`(
    name: String
  ) async throws {
    let what = "\(name)@2026-01-31T12:00:09Z"
    let closed = try await prove(what)
    #expect(closed.code == 0)
    #expect(
      closed.errors.contains("without --disclose frost/value the proof does not show it"),
      "\(closed.errors)")
    #expect(try await !proven().contains("frost/value"))
    let open = try await prove(what, "--disclose", name)
    #expect(open.code == 0 && open.errors.isEmpty, "\(open.errors)")
    #expect(try await proven().contains("disclosed urn:dev:cairn:bank:frost/value = 3 W"))
  }

  @Test func `are not made up where the name is another one`() async throws {
    let typo = try await prove("frost.valu@2026-01-31T12:00:09Z")
    #expect(typo.code == 1)
    #expect(
      typo.errors == """
        cairn: no reading of 'frost.valu' at or before 2026-01-31T12:00:09.000Z is in the log; \
        did you mean 'frost/value'?

        """)
    // Who has the served files only cannot know.
    let served = try await Cairn.run(
      "log", "prove", "\(log.path)/log", "frost.value@2026-01-31T12:00:09Z", in: directory)
    #expect(served.code == 1 && served.output.isEmpty)
    #expect(served.errors.contains("(2 records are hidden and nothing here opens them)"))
  }

  @Test func `are exported under both spellings`() async throws {
    for name in ["air.power", "air/power"] {
      let outcome = try await Cairn.run(
        "log", "export", log.path, "--name", name, in: directory)
      #expect(
        outcome.output == """
          time,name,value,unit,seq,clock
          2026-01-31T12:00:01.000000Z,air/power,1,W,1,derived
          2026-01-31T12:00:06.000000Z,air/power,2,W,3,claimed

          """)
    }
  }

  @Test func `are redacted under the board file's spelling, and nothing else is`() async throws {
    func redact(_ arguments: String...) async throws -> Cairn.Outcome {
      try await Cairn.run(Cairn.path, ["log", "redact", log.path] + arguments, in: directory)
    }
    let typo = try await redact("--name", "frost.valu")
    #expect(typo.code == 1 && typo.output.isEmpty)
    #expect(
      typo.errors == """
        cairn: nothing was redacted: no hidden record is called 'frost.valu'; \
        did you mean 'frost/value'?

        """)
    let foreign = try await redact("--name", "air.power")
    #expect(foreign.code == 1)
    #expect(foreign.errors.contains("write one of frost/value, meter/power"), "\(foreign.errors)")
    let other = try await redact("--name", "frost.value", "--entry", "5")
    #expect(other.code == 1)
    #expect(other.errors.contains("none for which all conditions hold"), "\(other.errors)")
    let right = try await redact("--name", "frost.value")
    #expect(right.code == 0 && right.output.hasPrefix("redacted  1 records;"), "\(right.errors)")
    let again = try await redact("--name", "frost.value")
    #expect(again.code == 1)
    #expect(again.errors.contains("write 'meter/power'"), "\(again.errors)")
    #expect(try await redact("--name", "meter/power").code == 0)
    let empty = try await redact("--name", "meter/power")
    #expect(empty.code == 1)
    #expect(empty.errors.contains("nothing in \(log.path) opens hidden records"))
  }
}
