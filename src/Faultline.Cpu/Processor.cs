using System.Diagnostics;
using System.Runtime.InteropServices;
using Faultline.Cpu.Interpreter;
using Faultline.Cpu.Profiling;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Cpu.Translator;
using Faultline.Memory;

namespace Faultline.Cpu;

/// <summary>
/// One x86-64 processor in user mode, bound to an address space. It knows no operating system: <see cref="Run"/> returns an
/// <see cref="ExitReason"/> and whoever owns it acts on that. Used by one thread at a time; only <see cref="RequestInterrupt"/> may come from others.
/// </summary>
internal sealed unsafe class Processor : IDisposable
{
    private readonly CodeCache _code;

    /// <summary>Guards <see cref="_state"/> against being freed while another thread writes to it.</summary>
    private readonly Lock _lifetime = new();
    private GCHandle _handle;
    private CpuState* _state;
    private readonly ProcessorProfile? _profile;
    private readonly AddressSpaceUser _user;
    private long _executed;

    /// <summary>Makes a processor in its initial user state: flat segments, x87 and MXCSR as Linux starts a program.</summary>
    /// <param name="memory">The address space; not owned.</param>
    /// <param name="model">What CPUID says and what executes.</param>
    /// <param name="engine">How code is executed.</param>
    /// <param name="profile">What is measured and counted into, of this processor alone; null for nothing.</param>
    public Processor(AddressSpace memory, CpuModel model, ExecutionEngine engine = ExecutionEngine.Auto, ProcessorProfile? profile = null)
    {
        Memory = memory;
        _profile = profile;
        Model = model;
        _state = (CpuState*)NativeMemory.AlignedAlloc((nuint)sizeof(CpuState), 64);
        *_state = default;
        _handle = GCHandle.Alloc(this);
        _state->Owner = GCHandle.ToIntPtr(_handle);
        bool hasTables = memory.PageLimit != 0;
        if (!hasTables && engine != ExecutionEngine.Interpreter)
            profile?.LackTables();
        _code = new CodeCache(memory, model, hasTables ? engine : ExecutionEngine.Interpreter, &_state->CodeChanged, () => Notice(Interrupts.Install), () => Notice(Interrupts.Pass), profile);
        if (_code.Translations is { } translations)
            translations.State = _state;
        _user = new AddressSpaceUser(_code, () => Notice(Interrupts.Pass));
        memory.Join(_user);
        _state->ReadTable = hasTables ? memory.ReadTable : (long*)&_state->Zero;
        _state->WriteTable = hasTables ? memory.WriteTable : (long*)&_state->Zero;
        _state->HomeTable = memory.HomeTable;
        _state->HomeMask = memory.HomeMask;
        _state->AddressMask = hasTables ? ~((memory.PageLimit << GuestPage.Shift) - 1) | GuestPage.Mask : ulong.MaxValue;
        _state->BlockTable = _code.Table;
        Reset();
        profile?.Attach(_state);
    }

    /// <summary>The registers. Valid until <see cref="Dispose"/>.</summary>
    public CpuState* State => _state;

    /// <summary>The address space that loads, stores and fetches go to.</summary>
    public AddressSpace Memory { get; }

    /// <summary>The address space's view of who runs this processor.</summary>
    public AddressSpaceUser User => _user;

    /// <summary>The processor model.</summary>
    public CpuModel Model { get; }

    /// <summary>What is measured and counted into; null for nothing.</summary>
    public ProcessorProfile? Profile => _profile;

    /// <summary>Instructions executed so far; a repeated string instruction counts once.</summary>
    public long InstructionsExecuted => _executed;

    /// <summary>Blocks of guest code decoded so far.</summary>
    public long BlocksDecoded => _code.BlocksDecoded;

    /// <summary>What became of its code so far.</summary>
    public CodeCounts CodeCounts => new(_code.BlocksDecoded, _code.BlocksShared, _code.Translations?.Adopted ?? 0);

    /// <summary>Registers as Linux leaves them for a new program: all zero but selectors, RFLAGS, x87 and SSE control.</summary>
    public void Reset()
    {
        CpuState* s = _state;
        new Span<ulong>(s->Gpr, 16).Clear();
        new Span<ulong>(s->X87Registers, 16).Clear();
        new Span<ulong>(s->Vectors, 32 * 8).Clear();
        new Span<ulong>(s->Opmask, 8).Clear();
        s->Rip = 0;
        s->FsBase = 0;
        s->GsBase = 0;
        s->LazyKind = FlagsKind.None;
        s->Rflags = Rflags.Fixed | Rflags.IF;
        s->Mxcsr = MxcsrBits.Initial;
        s->X87Control = 0x37f;
        s->X87Status = 0;
        s->X87Tag = 0;
        s->X87Top = 0;
        s->X87Opcode = 0;
        s->X87InstructionPointer = 0;
        s->X87DataPointer = 0;
        s->Xcr0 = Model.Xcr0;
        // In encoding order: ES, CS, SS, DS, FS, GS.
        new Span<ushort>(s->Selectors, 6).Clear();
        s->Selectors[1] = 0x33;
        s->Selectors[2] = 0x2b;
    }

    /// <summary>IA32_TSC_AUX, which RDTSCP and RDPID give: the processor's number in the low 12 bits, the node's above them, as Linux has it.</summary>
    public uint TscAux { get; set; }

    /// <summary>The time-stamp counter: 1 GHz, invariant, from an arbitrary start.</summary>
    public ulong ReadTimestamp() => (ulong)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    /// <summary>Makes <see cref="Run"/> return <see cref="ExitReason.Interrupted"/> at the next block boundary. Callable from any thread.</summary>
    public void RequestInterrupt() => Interlocked.Or(ref _state->InterruptRequested, Interrupts.Stop);

    /// <summary>Executes guest code until something needs the owner.</summary>
    /// <param name="budget">About how many instructions to execute at most before <see cref="ExitReason.BudgetSpent"/>.</param>
    public ExitReason Run(long budget = long.MaxValue / 2)
    {
        CpuState* s = _state;
        s->Budget = 0;
        s->Reserve = budget;
        Dispatcher.TakeSlice(s);
        s->Exit = ExitReason.None;
        long entered = _profile?.Enter() ?? 0;
        _code.Attach(_user.EnterGuest());
        ExitReason reason = Dispatcher.Run(s, _code, _user);
        _user.LeaveGuest();
        _profile?.Leave(entered);
        _executed += budget - s->Budget - s->Reserve;
        return reason;
    }

    /// <summary>Frees the state and all decoded code.</summary>
    public void Dispose()
    {
        if (_state is null)
            return;
        _profile?.Detach();
        _user.FallAsleep();
        Memory.Leave(_user);
        _code.Dispose();
        _handle.Free();
        lock (_lifetime)
        {
            NativeMemory.AlignedFree(_state);
            _state = null;
        }
    }

    /// <summary>Translates the region of a hot block.</summary>
    /// <param name="head">The block's first operation.</param>
    public void Translate(Operation* head)
    {
        _code.Translate(head);
        // Pages of code are not stored to at once, and whoever reads code may have waited.
        _code.ForgetWindow(_state);
    }

    /// <summary>
    /// Drops the code that other threads have changed while this one waited in a store. Whoever waits lets the others go on: what they have stored and said since, the instructions behind
    /// the store may see, and then they must not be the old ones. The stack may be gone, too.
    /// </summary>
    public void TakeChanges()
    {
        if ((Volatile.Read(ref _state->InterruptRequested) & Interrupts.Pass) != 0)
            _code.TakeChanges();
        // A region in whose middle that is leaves as for changed code.
        if (_code.ForgetWindow(_state))
            _state->CodeChanged = 1;
    }

    /// <summary>Looks for the pages around RSP that allow loads and stores. Control is between two blocks; others may have changed code meanwhile.</summary>
    /// <param name="below">Bytes below RSP that must be in them.</param>
    /// <param name="above">Bytes from RSP on that must be.</param>
    /// <param name="moved">Whether others were known before, that is, whether RSP has moved far.</param>
    /// <returns>False when they are not all there.</returns>
    public bool TryFindWindow(ulong below, ulong above, out bool moved)
    {
        CpuState* s = _state;
        moved = s->StackSpan != 0;
        s->StackSpan = 0;
        if (!Memory.TryFindWindow(s->Gpr[4], below, above, out s->StackLow, out ulong end, out s->StackStamp))
            return false;
        s->StackSpan = end - s->StackLow;
        return true;
    }

    /// <summary>Remembers where an indirect branch went.</summary>
    public void NoteTarget(ulong rip, ulong target) => _code.Translations?.Went(rip, target);

    /// <summary>The translated code, or null when everything is interpreted.</summary>
    public Translations? Translations => _code.Translations;

    /// <summary>Makes the dispatcher look: a translation is ready, code has changed. From any thread, at any time.</summary>
    private void Notice(int interrupt)
    {
        lock (_lifetime)
        {
            if (_state is not null)
                Interlocked.Or(ref _state->InterruptRequested, interrupt);
        }
    }

    /// <summary>Takes over another processor's registers: what fork and clone give the child.</summary>
    public void CopyRegisters(Processor other)
    {
        CpuState* to = _state;
        CpuState copy = *other._state;
        // What binds a state to its processor and its address space stays.
        copy.ReadTable = to->ReadTable;
        copy.WriteTable = to->WriteTable;
        copy.HomeTable = to->HomeTable;
        copy.HomeMask = to->HomeMask;
        copy.AddressMask = to->AddressMask;
        copy.BlockTable = to->BlockTable;
        copy.Owner = to->Owner;
        copy.StackSpan = 0;
        copy.LinkFrom = null;
        copy.Raising = null;
        copy.Running = to->Running;
        // Others may ask for something at any moment, also between here and the copy: whoever is asked for too much only looks once more.
        copy.InterruptRequested = Interrupts.All;
        copy.CodeChanged = 0;
        copy.MustInterpret = 0;
        copy.Exit = ExitReason.None;
        *to = copy;
    }

    /// <summary>The processor whose state this is.</summary>
    public static Processor Of(CpuState* s) => (Processor)GCHandle.FromIntPtr(s->Owner).Target!;
}
