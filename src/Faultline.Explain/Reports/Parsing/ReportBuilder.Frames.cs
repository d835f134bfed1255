namespace Faultline.Explain.Reports.Parsing;

/// <summary>Registers and code.</summary>
internal sealed partial class ReportBuilder
{
    private const int MaxFrames = 64;

    private readonly List<FrameDraft> _drafts = [];

    private FrameDraft Current
    {
        get
        {
            if (_drafts.Count == 0)
                _drafts.Add(new FrameDraft());
            return _drafts[^1];
        }
    }

    private bool TryFrameLine(string text, int line)
    {
        return TryPointer(text, line) || TryCode(text, line) || TryRegisters(text, line);
    }

    private bool TryPointer(string text, int line)
    {
        if (text.StartsWith("RIP:", StringComparison.Ordinal) || text.StartsWith("EIP:", StringComparison.Ordinal))
        {
            Vote(text[0] == 'R' ? ReportArchitecture.X64 : ReportArchitecture.X86);
            // Some print RIP twice: alone first, then again with the address of a stack.
            Begin(draft => draft.HasPointer || draft.HasRegisters).ReadX86Pointer(text, line);
            return true;
        }
        if (text.StartsWith("pc : ", StringComparison.Ordinal) || text.StartsWith("pc: ", StringComparison.Ordinal))
        {
            Vote(ReportArchitecture.Arm64);
            Begin(draft => draft.HasPointer).ReadPointer(text.AsSpan(text.IndexOf(':') + 1), line);
            return true;
        }
        if (text.StartsWith("lr : ", StringComparison.Ordinal))
            return true;
        return TryItanium(text, line) || TryLoongArch(text, line);
    }

    /// <summary>arch/ia64/kernel/process.c, show_regs(): <c>psr : V ifs : V ip  : [&lt;A&gt;]  Not tainted</c>, then <c>ip is at SYMBOL</c>.</summary>
    private bool TryItanium(string text, int line)
    {
        if (text.StartsWith("ip is at ", StringComparison.Ordinal))
        {
            Current.ReadSymbol(text.AsSpan("ip is at ".Length));
            return true;
        }
        int ip = text.IndexOf(" ip ", StringComparison.Ordinal);
        if (!text.StartsWith("psr :", StringComparison.Ordinal) || ip < 0)
            return false;
        List<RegisterValue> values = [];
        if (!RegisterLine.TryRead(text[..ip], line, values, out _))
            return false;
        Vote(ReportArchitecture.Ia64);
        FrameDraft draft = Begin(draft => draft.HasPointer);
        draft.Add(values);
        draft.ReadPointer(text.AsSpan(ip + 4).TrimStart([' ', ':']), line);
        return true;
    }

    /// <summary>
    /// arch/loongarch/kernel/process.c, __show_regs(): <c>pc 9000... ra 9000... tp 9000... sp 9000...</c>, then names with symbols
    /// (<c>ra: 9000... name+0x1/0x2</c>, <c>ERA: ...</c>) and control registers with their bits spelled out.
    /// </summary>
    private bool TryLoongArch(string text, int line)
    {
        if (text.StartsWith("pc ", StringComparison.Ordinal))
        {
            string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 4 || words.Length % 2 != 0)
                return false;
            FrameDraft? draft = null;
            for (int i = 0; i + 1 < words.Length; i += 2)
            {
                if (words[i + 1].Length != 16
                    || !ulong.TryParse(words[i + 1], System.Globalization.NumberStyles.AllowHexSpecifier, null, out ulong value))
                {
                    return draft is not null;
                }
                draft ??= Begin(draft => draft.HasPointer);
                if (i == 0)
                    draft.ReadPointer(words[1], line);
                else
                    draft.Add(words[i], value, line);
            }
            Vote(ReportArchitecture.LoongArch);
            return true;
        }
        if (_architecture != ReportArchitecture.LoongArch)
            return false;
        if (text.StartsWith("ERA: ", StringComparison.Ordinal))
        {
            int symbol = text.LastIndexOf(' ');
            if (!Current.HasPointer)
                Current.ReadPointer(text.AsSpan(5), line);
            else
                Current.ReadSymbol(text.AsSpan(symbol + 1));
            return true;
        }
        return text.StartsWith("ra: ", StringComparison.Ordinal);
    }

    private bool TryCode(string text, int line)
    {
        if (!text.StartsWith("Code:", StringComparison.Ordinal) || CodeParser.Read(text["Code:".Length..], line) is not { } code)
            return false;
        if (!Current.HasCode)
            Current.Set(code);
        return true;
    }

    private bool TryRegisters(string text, int line)
    {
        List<RegisterValue> values = [];
        if (!RegisterLine.TryRead(text, line, values, out ReportArchitecture architecture))
            return false;
        // A page fault repeats CR2 behind the modules, after a user frame that it is not part of.
        if (values is [{ Name: "CR2" }])
            return true;
        Vote(architecture);
        FrameDraft draft = values.Exists(value => value.Name == "pstate") ? Begin(draft => draft.HasPointer) : Current;
        draft.Add(values);
        return true;
    }

    private void Vote(ReportArchitecture architecture)
    {
        if (_architecture == ReportArchitecture.Unknown || architecture is ReportArchitecture.X64)
            _architecture = architecture == ReportArchitecture.Unknown ? _architecture : architecture;
    }

    private FrameDraft Begin(Predicate<FrameDraft> isTaken)
    {
        if (_drafts.Count == 0 || (isTaken(_drafts[^1]) && _drafts.Count < MaxFrames))
            _drafts.Add(new FrameDraft());
        return _drafts[^1];
    }
}
