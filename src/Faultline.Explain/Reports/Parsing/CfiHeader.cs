using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary><c>CFI failure at CALLER (target: TARGET; expected type: HASH)</c> (kernel/cfi.c, report_cfi_failure()).</summary>
internal static class CfiHeader
{
    /// <summary>Reads the line, as far as it goes.</summary>
    public static HeaderLine Read(string text, int line)
    {
        Cursor cursor = new(text);
        SymbolReference? caller = null;
        SymbolReference? target = null;
        ulong? address = null;
        uint? type = null;
        if (cursor.SkipPast("CFI failure at "))
            SymbolParser.TryRead(ref cursor, out caller);
        if (cursor.SkipPast("(target: ") && !SymbolParser.TryRead(ref cursor, out target) && cursor.TryPrefixedHex(out ulong number))
            address = number;
        if (cursor.SkipPast("expected type: ") && cursor.TryPrefixedHex(out ulong hash) && hash <= uint.MaxValue)
            type = (uint)hash;
        return HeaderParser.Of(ReportKind.CfiFailure) with
        {
            Cfi = type is { } expected ? new CfiMismatch(caller, target, address, expected, line) : null,
        };
    }
}
