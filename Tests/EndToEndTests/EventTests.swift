import BrokerTesting
import Evidence
import Testing

/// Signed events, as people meet them.
@Suite struct EventTests {
  private static let gap = Event(
    kind: .gap, subject: "air",
    details: [
      .init(.text("to"), .unsigned(9000)), .init(.text("from"), .unsigned(5000)),
      .init(.text("missed"), .unsigned(3)), .init(.text("cause"), .text("no \"answer\", twice")),
    ], severity: .warning)
  private static let flagged = Event(
    kind: .quality, subject: "air.temperature",
    details: [
      .init(.text("kernel"), .text("checks")), .init(.text("reason"), .text("gross-range")),
      .init(.text("value"), .float(61.25)),
    ], severity: .warning)
  private static let bare = Event(kind: .recovered, subject: "roof")

  private let directory: Directory
  private let log: OwnLog

  init() throws {
    directory = try Directory()
    log = try OwnLog(
      [
        try OwnLog.reading("air/power", 12),
        .init(type: .event, body: EventBody([Self.gap, Self.flagged]).cbor),
        .init(type: .event, body: EventBody([Self.bare]).cbor, isTimed: false),
        .init(type: .timeSync),
      ], in: directory)
  }

  private func export(_ more: String...) async throws -> Cairn.Outcome {
    try await Cairn.run(
      Cairn.path, ["log", "export", log.path, "--events"] + more, in: directory)
  }

  @Test func `are a table with all their details, each row with its entry`() async throws {
    let outcome = try await export()
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    // CBOR sorts the keys of a map by length first. The last entry's time is counted back from the
    // time-sync entry behind it.
    #expect(
      outcome.output == """
        time,seq,kind,subject,severity,details,clock
        2026-01-31T12:00:04.000000Z,2,gap,air,warning,\
        "to=9000 from=5000 cause=""no \\""answer\\"", twice"" missed=3",claimed
        2026-01-31T12:00:04.000000Z,2,quality,air.temperature,warning,\
        value=61.25 kernel=checks reason=gross-range,claimed
        2026-01-31T12:00:06.000000Z,3,recovered,roof,,,derived

        """)
  }

  @Test func `are chosen by subject and time`() async throws {
    let named = try await export("--name", "air.")
    #expect(
      named.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[2] } == [
        "quality"
      ])
    let later = try await export("--from", "2026-01-31T12:00:05Z")
    #expect(later.output.split(separator: "\n").count == 2, "\(later.output)")
    #expect(later.output.contains(",3,recovered,roof,"))
  }

  @Test func `are no SenML`() async throws {
    let outcome = try await export("--format", "senml")
    #expect(outcome.code == 2 && outcome.output.isEmpty)
    #expect(outcome.errors == "cairn: events are no SenML records; write --format csv\n")
  }

  @Test func `stand in a proof with their details`() async throws {
    let proof = directory.path("gap.proof")
    _ = try await Cairn.run("log", "prove", log.path, "2", "-o", proof, in: directory)
    let shown = try await Cairn.run("verify", proof, in: directory)
    #expect(shown.code == 0, "\(shown.errors)")
    #expect(
      shown.output.contains(
        "what      gap air: no \"answer\", twice (warning; to=9000 from=5000 missed=3)\n"
      ), "\(shown.output)")
    #expect(
      shown.output.contains(
        "what      quality air.temperature: gross-range (warning; value=61.25 kernel=checks)\n"
      ))
  }
}
