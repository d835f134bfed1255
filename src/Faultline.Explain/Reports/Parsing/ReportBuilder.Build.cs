namespace Faultline.Explain.Reports.Parsing;

/// <summary>The finished report.</summary>
internal sealed partial class ReportBuilder
{
    /// <summary>The report as far as its lines came.</summary>
    public CrashReport Build()
    {
        (RegisterFrame frame, RegisterFrame? user, IReadOnlyList<RegisterFrame> others) = Frames();
        (string? version, bool hasTaint, IReadOnlyList<TaintFlag> taint) = Kernel();
        return new CrashReport
        {
            Kind = _header.Kind,
            Architecture = _architecture == ReportArchitecture.Unknown ? EntryPoints.Guess(_trace) : _architecture,
            Title = _title.Text.Trim(),
            FirstLine = _firstLine,
            LastLine = LastLine,
            Lines = _lines,
            Timestamp = _timestamp,
            Cpu = _cpuLine?.Cpu ?? _header.Cpu,
            Pid = _header.Kind == ReportKind.HungTask ? _header.Pid : _cpuLine?.Pid ?? _header.Pid,
            Uid = _cpuLine?.Uid,
            Task = _header.Kind == ReportKind.HungTask ? _header.Task : _cpuLine?.Task ?? _header.Task,
            KernelVersion = version,
            Hardware = _hardware,
            Workqueue = _workqueue,
            HasTaint = hasTaint,
            Taint = taint,
            SourcePosition = _header.SourcePosition,
            Frame = frame,
            UserFrame = user,
            OtherFrames = others,
            FaultAddress = _header.FaultAddress,
            ErrorCode = _header.ErrorCode,
            FaultDetails = _details,
            OopsNumber = _header.OopsNumber,
            Cfi = _header.Cfi,
            Trace = _trace,
            Modules = _modules,
            KernelOffset = _kernelOffset,
            StackWords = _stackWords,
            Dumps = _dumps.Finish(),
            Kexec = _kexec,
            Values = _values,
            EndTrace = _endTrace,
            Notes = _notes,
            UserMapping = _header.Mapping,
        };
    }

    /// <summary>Which frame faulted, which entered the kernel, and what is left.</summary>
    private (RegisterFrame Frame, RegisterFrame? User, IReadOnlyList<RegisterFrame> Others) Frames()
    {
        RegisterFrame? faulting = _header.Frame is { IsEmpty: false } printed ? printed with { Code = _drafts.FirstOrDefault()?.Build().Code } : null;
        if (faulting is not null)
            return (faulting, null, []);
        bool isUserFault = _header.Kind == ReportKind.UserFault;
        RegisterFrame? user = null;
        List<RegisterFrame> others = [];
        foreach (FrameDraft draft in _drafts)
        {
            RegisterFrame frame = draft.Build();
            if (frame.IsEmpty && frame.SystemRegisters.Count == 0)
                continue;
            if (faulting is null && (isUserFault || !draft.IsUser))
                faulting = frame;
            else if (user is null && draft.IsUser)
                user = frame;
            else
                others.Add(frame);
        }
        return (faulting ?? RegisterFrame.Empty, user, others);
    }

    /// <summary>Version and taint: from the processor's line, or from the line that hung tasks have instead.</summary>
    private (string? Version, bool HasTaint, IReadOnlyList<TaintFlag> Taint) Kernel()
    {
        CpuLine? line = _cpuLine;
        if (line?.Taint is null)
        {
            foreach (ReportLine detail in _details)
            {
                // A line of the same form without a processor before it.
                if (_header.Kind == ReportKind.HungTask && CpuLine.Read($"CPU: 0 {detail.Text.Trim()}") is { Taint: not null } read)
                    line = read;
            }
        }
        return (line?.Version, line?.Taint is not null, line?.Taint is null ? [] : TaintLetters.Read(line.Taint));
    }
}
