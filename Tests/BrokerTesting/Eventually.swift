/// Waits until something holds; returns false after ten seconds, which no healthy machine needs.
package func eventually(
  within limit: Duration = .seconds(10), _ condition: () throws -> Bool
) async rethrows -> Bool {
  let deadline: ContinuousClock.Instant = .now + limit
  while try !condition() {
    guard .now < deadline else { return false }
    try? await Task.sleep(for: .milliseconds(2))
  }
  return true
}
