namespace Faultline.Explain.Reports;

/// <summary>A value that debugging output names: <c>krbs[2]: 0xbad1fed1</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Index">The index in brackets; null without one.</param>
/// <param name="Value">The value; signed ones as two's complement.</param>
/// <param name="Line">The line of the input, from 1.</param>
internal readonly record struct NamedValue(string Name, int? Index, ulong Value, int Line);
