using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Translator;

/// <summary>
/// Turns a region into one CIL method: guest registers in locals, memory through the flat tables inline, flags computed where they are read. The .NET JIT is the back end.
/// </summary>
/// <remarks>
/// The method is a handler like any of the interpreter's: Operation* (CpuState*, Operation*). It is entered through the first operation of a block and returns the next
/// operation to interpret, or null for the dispatcher. Whatever it cannot do inline and at once (a page not present, a page crossing, a misaligned aligned operand)
/// makes it leave before the instruction, with the state exact, and the interpreter executes that instruction.
/// </remarks>
internal sealed unsafe partial class RegionTranslator
{
    private readonly Region _region;
    private readonly CilEmitter _il;
    private readonly Queue<Action> _stubs = new();
    private readonly LocalBuilder _fuel;
    private readonly LocalBuilder _exitRip;
    private readonly LocalBuilder _exitCount;
    private readonly LocalBuilder _addressMask;
    private readonly LocalBuilder _readTable;
    private readonly LocalBuilder _writeTable;
    private readonly LocalBuilder _homeTable;
    private readonly LocalBuilder _homeMask;

    // Status flags at joins: FlagsKind, first operand or result, second operand or CF.
    private readonly LocalBuilder _joinKind;
    private readonly LocalBuilder _joinA;
    private readonly LocalBuilder _joinB;

    private readonly Label _leave;

    /// <summary>Where a computed jump or call goes whose target is none that it knows: the noted address may be in the region all the same.</summary>
    private readonly Label _find;

    /// <summary>The same from where nothing is to be counted any more.</summary>
    private readonly Label _missed;

    /// <summary>The way out from where nothing is to be counted any more.</summary>
    private readonly Label _left;

    /// <summary>Where the noted address goes to the dispatcher, everything else being stored.</summary>
    private readonly Label _noBlock;

    private TranslationState _at = new(FlagsState.Memory, 0, 0, 0, VectorFacts.None, Precise: false);
    private RegionInstruction _instruction = null!;
    private RegionBlock _block = null!;

    /// <summary>Instructions of the current block before the current one.</summary>
    private int _index;

    private RegionTranslator(Region region, CilEmitter il)
    {
        _region = region;
        _il = il;
        _fuel = il.Local(typeof(long));
        _exitRip = il.Local(typeof(ulong));
        _exitCount = il.Local(typeof(long));
        _exitMissed = il.Local(typeof(int));
        _addressMask = il.Local(typeof(ulong));
        _readTable = il.Local(typeof(nint));
        _writeTable = il.Local(typeof(nint));
        _homeTable = il.Local(typeof(nint));
        _homeMask = il.Local(typeof(ulong));
        _joinKind = il.Local(typeof(uint));
        _joinA = il.Local(typeof(ulong));
        _joinB = il.Local(typeof(ulong));
        _leave = il.Label();
        _find = il.Label();
        _findComputed = il.Label();
        _computed = region.InlinesX87 ? [] : [.. region.Blocks.Where(block => block.IsComputed)];
        _missed = il.ExitLabel(() => EmitLeave(0, _find));
        _left = il.ExitLabel(() => EmitLeave(0, _leave));
        _unusual = il.Label();
        _unusualPacked = il.Label();
        _noBlock = il.Label();
        _hasFloats = region.Blocks.Any(block => block.Instructions.Exists(instruction => KindOf(instruction) != 0));
        _isPrecise = _hasFloats && (region.Assumes & Assumptions.Precise) != 0;
        _carries = _isPrecise && (region.Assumes & Assumptions.NearFloats) != 0;
        if (_hasFloats)
            FloatFlow.Find(region.Blocks, KindOf, _carries);
    }

    /// <summary>
    /// Compiles a region: sets its code, which may then run on any thread. One that is made of several and turns out too large for the JIT to optimise gets none: those go on serving.
    /// </summary>
    public static void Compile(Region region)
    {
        long start = Stopwatch.GetTimestamp();
        DynamicMethod method = new(region.Profile?.MethodName ?? $"guest_{region.Start:x}", typeof(Operation*), [typeof(CpuState*), typeof(Operation*)], typeof(RegionTranslator).Module, skipVisibility: true)
        {
            InitLocals = false,
        };
        CilEmitter il = new(method.GetILGenerator(4096), MemoryOrder.IsExplicit);
        new RegionTranslator(region, il).Translate();
        if (region.IsJoined && il.IsTooLarge)
            return;
        region.Code = new TranslatedCode(region, method, Prepare(method));
        region.CompileTime = Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Has the JIT compile a method and gives its address. A delegate would cost a call more; the handle behind it is not public.</summary>
    private static nint Prepare(DynamicMethod method)
    {
        RuntimeMethodHandle handle = DescriptorOf(method);
        RuntimeHelpers.PrepareMethod(handle);
        return handle.GetFunctionPointer();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetMethodDescriptor")]
    private static extern RuntimeMethodHandle DescriptorOf(DynamicMethod method);

    private void Translate()
    {
        FindRegisters();
        ChooseResidents();
        if ((_region.Assumes & Assumptions.Groups) != 0)
            MemoryGrouping.Find(_region.Blocks);
        foreach (RegionBlock block in _region.Blocks)
        {
            block.Label = _il.Label();
            foreach (RegionBlock successor in block.Successors)
                successor.IsLoopHead |= successor.Order <= block.Order;
        }

        EmitEntry();
        for (int i = 0; i < _region.Blocks.Count; i++)
            EmitBlock(_region.Blocks[i], i + 1 < _region.Blocks.Count ? _region.Blocks[i + 1] : null);
        _emitsStubs = true;
        EmitFind();
        while (_stubs.TryDequeue(out Action? stub))
            stub();
        EmitArrivals();
        EmitExits();
    }

    private void EmitBlock(RegionBlock block, RegionBlock? following)
    {
        _block = block;
        _il.Mark(block.Label);
        _at = block.Inherited ?? new TranslationState(FlagsBefore(block), _writtenGprs, _writtenVectors, 0, block.FactsBefore, _isPrecise) { X87 = block.X87Before };
        LoadVisitors(block);
        EmitWindowLook();
        for (_index = 0; _index < block.Instructions.Count; _index++)
        {
            _instruction = block.Instructions[_index];
            StoreVisitorsBefore();
            if (_index == block.Instructions.Count - 1 && EmitBranch(following))
            {
                LeaveGroups();
                return;
            }
            EmitInstruction();
            FollowFacts();
            LeaveGroups();
            _at = _at with { Pending = _at.Pending + 1 };
        }
        StoreVisitors();
        EmitEdge(block.Next, block.Last?.Next ?? block.Start, following);
    }

    private void EmitInstruction()
    {
        ContinueStretch();
        if (EmitStackStep())
            return;
        SettleStackBefore();
        bool done = _instruction.Form.Shape switch
        {
            FormShape.Nop => true,
            FormShape.Whole when _region.InlinesX87 && EmitX87() => true,
            >= FormShape.VectorRmw => EmitFloat() || EmitVector(),
            _ => EmitInteger(),
        };
        if (!done)
            EmitFallback();
    }

    /// <summary>Checks that the region may run, loads the registers it uses and goes to the entry that the operation names.</summary>
    private void EmitEntry()
    {
        EmitFloatEntry();
        EmitX87Entry();
        EmitWindowEntry();
        LoadState(nameof(CpuState.Budget));
        _il.Store(_fuel);
        CountEntry();
        BurnFuel(FuelBias);
        LoadTables();
        LoadRegisters();
        _il.Int32(0);
        _il.Store(_joinKind);
        if (_region.Entries.Count > 1)
        {
            LoadState(nameof(CpuState.EntryIndex));
            _il.Op(OpCodes.Conv_I4);
            Dictionary<ulong, RegionBlock> entries = _region.Blocks.Where(block => block.IsEntry).ToDictionary(block => block.Start);
            Label[] labels = new Label[_region.Entries.Count];
            for (int i = 0; i < labels.Length; i++)
                labels[i] = EntryLabel(entries[_region.Entries[i]]);
            _il.Switch(labels);
        }
        _il.Branch(OpCodes.Br, EntryLabel(_region.Blocks.First(block => block.Start == _region.Start)));
    }

    private void LoadState(string field)
    {
        _il.State();
        _il.Field(OpCodes.Ldfld, typeof(CpuState).GetField(field)!);
    }

    /// <summary>Pops a value and, below it, the CpuState*, and stores the value in a field.</summary>
    private void StoreState(string field) => _il.Field(OpCodes.Stfld, typeof(CpuState).GetField(field)!);

    private static MethodInfo Method(string name) => typeof(RegionExits).GetMethod(name) ?? throw new MissingMethodException(nameof(RegionExits), name);
}
