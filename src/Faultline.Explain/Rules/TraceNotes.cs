using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>What a reader of a call trace must know and the trace does not say. Notes, not findings: every trace has some.</summary>
internal static class TraceNotes
{
    private static readonly string[] _returnThunks =
    [
        "__x86_return_thunk", "srso_return_thunk", "srso_alias_return_thunk", "srso_safe_ret", "srso_alias_safe_ret", "srso_untrain_ret", "srso_alias_untrain_ret",
        "retbleed_return_thunk", "retbleed_untrain_ret", "zen_untrain_ret", "call_depth_return_thunk", "its_return_thunk",
    ];

    private static readonly string[] _indirectThunks =
    [
        "__x86_indirect_thunk_", "__x86_indirect_call_thunk_", "__x86_indirect_jump_thunk_", "__x86_indirect_its_thunk_", "__x86_retpoline_",
    ];

    /// <summary>Whether a symbol is one of the thunks that stand for ret (arch/x86/lib/retpoline.S).</summary>
    public static bool IsReturnThunk(string name) => Array.IndexOf(_returnThunks, name) >= 0;

    /// <summary>Whether a symbol is one of the thunks that stand for an indirect branch.</summary>
    public static bool IsIndirectThunk(string name) => IndirectRegister(name) is not null;

    /// <summary>The register whose target a retpoline goes to, as reports spell it; null for other symbols.</summary>
    public static string? IndirectRegister(string name)
    {
        foreach (string prefix in _indirectThunks)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                string register = name[prefix.Length..].ToUpperInvariant();
                return register is "R8" or "R9" ? $"R0{register[1]}" : register;
            }
        }
        return null;
    }

    /// <summary>Sentences to print below a report's trace; none for a trace without anything to explain.</summary>
    public static IReadOnlyList<string> For(CrashReport report)
    {
        List<string> notes = [];
        int doubtful = report.Trace.Count(e => e.IsUnreliable);
        if (doubtful > 0 && doubtful == report.Trace.Count)
            notes.Add("every entry is marked `?`: the unwinder lost its way at once (no unwind data for this code, a damaged stack, or RIP where no instruction starts), and the list is all "
                + "return addresses that happen to be on the stack, some of them stale");
        else if (doubtful > 0)
            notes.Add($"{doubtful} of {report.Trace.Count} entries are marked `?`: words on the stack that look like return addresses and that the unwinder (ORC or frame pointers) did not "
                + "meet, mostly left from calls that have returned; the others are the call chain");
        if (report.Trace.Any(e => e.Symbol is { } s && IsReturnThunk(s.Name)))
            notes.Add("return thunks stand for ret and call nothing");
        if (report.Trace.Any(e => e.Symbol is { } s && IsIndirectThunk(s.Name)))
            notes.Add("retpolines (__x86_indirect_thunk_REG) stand for an indirect call or jump through that register");
        return notes;
    }
}
