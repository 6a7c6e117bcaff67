import BrokerTesting
import Evidence
import Foundation
import Glibc
import Testing

/// A broker that goes away and comes back.
@Suite(.serialized) struct OutageTests {
  /// How long the broker is away; an outage of minutes is for those who have them.
  private static let outage: Duration = {
    let seconds = ProcessInfo.processInfo.environment["CAIRN_OUTAGE_SECONDS"].flatMap { Int($0) }
    return .seconds(seconds ?? 5)
  }()

  /// A board waits between two attempts as long as it was away, and a minute at the most.
  private static var patience: Duration { min(.seconds(60), outage * 2) + .seconds(20) }

  private static let settings = "allow_anonymous true\nmax_queued_messages 100000"

  @Test func `a broker that stops for a time lacks nothing afterwards`() async throws {
    let broker = try await Broker(Self.settings, keepsSessions: true)
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    try board.start(FastBoard(port: broker.port))
    #expect(await subscriber.receives(entries: 10))
    broker.stop()
    let before = subscriber.messages("entry").count
    try await Task.sleep(for: Self.outage)
    try await broker.start()
    // Five entries a second were signed while nobody listened.
    let missed = Int(Self.outage.components.seconds) * 4
    #expect(await subscriber.receives(entries: before + missed, within: Self.patience))
    #expect(await eventually { subscriber.announcements.filter { $0 == "running" }.count >= 2 })
    try await board.stop()
    #expect(await eventually { subscriber.states.last == "stopping" })
    let published = try CollectedLog(subscriber)
    try published.expectEquals(state: board.state)
    // Nothing was left out while the broker was away: no data entry is a second after the last.
    let times = published.signed.filter { $0.entry.type == .data }.map(
      \.entry.monotonicMilliseconds)
    let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
    #expect((gaps.max() ?? 0) < 2000, "no entry for \(gaps.max() ?? 0) ms")
    try await board.verified()
  }

  @Test func `a broker that is away at the start gets the log from its first entry`()
    async throws
  {
    let broker = try await Broker(Self.settings, keepsSessions: true)
    let subscriber = try await OutlivingSubscriber(to: broker)
    broker.stop()
    let board = RunningBoard(in: broker.directory)
    try board.start(FastBoard(port: broker.port))
    #expect(await board.runs())
    let wal = "\(board.state)/wal"
    #expect(await eventually { ((try? Files.bytes(wal).count) ?? 0) > 10_000 })
    #expect(board.process?.isRunning == true)
    #expect(subscriber.messages.isEmpty)
    try await broker.start()
    #expect(await subscriber.receives(entries: 15, within: Self.patience))
    #expect(subscriber.states == ["running"])
    try await board.stop()
    #expect(await eventually { subscriber.states.last == "stopping" })
    let published = try CollectedLog(subscriber)
    #expect(published.signed.first?.entry.type == .genesis)
    try published.expectEquals(state: board.state)
  }

  @Test func `a board stops in time while its broker is away, and its log is whole`()
    async throws
  {
    let broker = try await Broker(Self.settings, keepsSessions: true)
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    try board.start(FastBoard(port: broker.port))
    #expect(await subscriber.receives(entries: 5))
    broker.stop()
    let wal = "\(board.state)/wal"
    let byteCount = try Files.bytes(wal).count
    #expect(await eventually { ((try? Files.bytes(wal).count) ?? 0) > byteCount + 5000 })
    try await board.stop()
    try await board.verified()
    // What was signed without a broker is published by the next start.
    try await broker.start()
    try board.start(FastBoard(port: broker.port))
    #expect(await board.runs())
    let unheard = try CollectedLog.entries(inState: board.state).count
    #expect(await subscriber.receives(entries: unheard + 2))
    try await board.stop()
    #expect(await eventually { subscriber.states.last == "stopping" })
    try CollectedLog(subscriber).expectEquals(state: board.state)
    try await board.verified()
  }
}
