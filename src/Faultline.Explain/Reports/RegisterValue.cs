namespace Faultline.Explain.Reports;

/// <summary>A register as the report printed it.</summary>
/// <param name="Name">In the kernel's spelling and case: <c>RAX</c>, <c>x19</c>, <c>r15</c>, <c>cr.ifs</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Line">The line of the input, from 1.</param>
internal readonly record struct RegisterValue(string Name, ulong Value, int Line);
