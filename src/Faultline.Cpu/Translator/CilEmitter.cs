using System.Reflection;
using System.Reflection.Emit;

namespace Faultline.Cpu.Translator;

/// <summary>
/// The only place that emits CIL: a thin layer over <see cref="ILGenerator"/> with pooled locals, so that a method stays below the number of locals from
/// which the .NET JIT gives up optimising.
/// </summary>
/// <param name="il">Where the code goes.</param>
/// <param name="ordersAccesses">Whether guest accesses have to be made in order (see <see cref="Semantics.MemoryOrder"/>).</param>
internal sealed class CilEmitter(ILGenerator il, bool ordersAccesses)
{
    // Where the JIT of .NET 10 compiles without optimisation (DEFAULT_MIN_OPTS_CODE_SIZE, _INSTR_COUNT, _LV_REF_COUNT and _BB_COUNT in src/coreclr/jit/compiler.h).
    private const int MaxBytes = 60_000;
    private const int MaxInstructions = 20_000;
    private const int MaxReferences = 8_000;
    private const int MaxBlocks = 2_000;

    private readonly Dictionary<Type, Stack<LocalBuilder>> _free = [];
    private readonly Dictionary<Label, Action> _exits = [];

    /// <summary>Where basic blocks begin.</summary>
    private readonly HashSet<int> _leaders = [0];

    private int _instructions;
    private int _references;

    /// <summary>Bytes emitted so far.</summary>
    public int Length => il.ILOffset;

    /// <summary>Whether the method has become so large that the JIT will not optimise it: its code is then worth less than that of several smaller ones.</summary>
    public bool IsTooLarge => Length > MaxBytes || _instructions > MaxInstructions || _references > MaxReferences || _leaders.Count > MaxBlocks;

    /// <summary>A local that lives as long as the method.</summary>
    public LocalBuilder Local(Type type) => il.DeclareLocal(type);

    /// <summary>A local to be given back with <see cref="Release"/>.</summary>
    public LocalBuilder Rent(Type type) => _free.TryGetValue(type, out Stack<LocalBuilder>? free) && free.TryPop(out LocalBuilder? local) ? local : il.DeclareLocal(type);

    /// <summary>Gives a rented local back: its value is not read any more.</summary>
    public void Release(LocalBuilder local)
    {
        if (!_free.TryGetValue(local.LocalType, out Stack<LocalBuilder>? free))
            _free.Add(local.LocalType, free = []);
        free.Push(local);
    }

    /// <summary>A label that is not placed yet.</summary>
    public Label Label() => il.DefineLabel();

    /// <summary>A label of code that is hardly ever reached and from which control does not come back; it is placed at the first branch to it.</summary>
    /// <remarks>
    /// The JIT places blocks in reverse postorder, in which what a branch jumps to comes before what it falls through to. So the first branch to such a label is emitted the other way round, as a
    /// jump over the start of that code, and the code ends up behind everything else. There has to be something in it: a mere jump over a jump the JIT turns back into one branch, and then the code
    /// that is hardly ever reached is placed right behind that.
    /// </remarks>
    /// <param name="start">Emits the start of the code: something, and a jump to the rest.</param>
    public Label ExitLabel(Action start)
    {
        Label label = il.DefineLabel();
        _exits.Add(label, start);
        return label;
    }

    /// <summary>Places a label here.</summary>
    public void Mark(Label label)
    {
        il.MarkLabel(label);
        Lead();
    }

    /// <summary>An instruction without operand.</summary>
    public void Op(OpCode code) => Next().Emit(code);

    /// <summary>A branch.</summary>
    public void Branch(OpCode code, Label label)
    {
        if (!_exits.Remove(label, out Action? start))
        {
            Next().Emit(code, label);
            Lead();
        }
        else if (code == OpCodes.Br)
        {
            Mark(label);
            start();
        }
        else
        {
            Label usual = il.DefineLabel();
            Next().Emit(Opposite(code), usual);
            Mark(label);
            start();
            Mark(usual);
        }
    }

    /// <summary>The branch that is taken where another one, of integers, is not.</summary>
    private static OpCode Opposite(OpCode code)
    {
        if (code == OpCodes.Brtrue)
            return OpCodes.Brfalse;
        if (code == OpCodes.Brfalse)
            return OpCodes.Brtrue;
        if (code == OpCodes.Beq)
            return OpCodes.Bne_Un;
        if (code == OpCodes.Bne_Un)
            return OpCodes.Beq;
        if (code == OpCodes.Bgt_Un)
            return OpCodes.Ble_Un;
        if (code == OpCodes.Bge_Un)
            return OpCodes.Blt_Un;
        if (code == OpCodes.Blt_Un)
            return OpCodes.Bge_Un;
        if (code == OpCodes.Ble_Un)
            return OpCodes.Bgt_Un;
        if (code == OpCodes.Ble)
            return OpCodes.Bgt;
        if (code == OpCodes.Bgt)
            return OpCodes.Ble;
        if (code == OpCodes.Blt)
            return OpCodes.Bge;
        if (code == OpCodes.Bge)
            return OpCodes.Blt;
        throw new ArgumentException("no branch of integers", nameof(code));
    }

    /// <summary>A jump table over the int32 on the stack.</summary>
    public void Switch(Label[] labels)
    {
        Next().Emit(OpCodes.Switch, labels);
        Lead();
    }

    /// <summary>Pushes a local.</summary>
    public void Load(LocalBuilder local) => Refer(OpCodes.Ldloc, local);

    /// <summary>Pushes the address of a local.</summary>
    public void LoadAddress(LocalBuilder local) => Refer(OpCodes.Ldloca, local);

    /// <summary>Pops into a local.</summary>
    public void Store(LocalBuilder local) => Refer(OpCodes.Stloc, local);

    /// <summary>Pushes the CpuState*.</summary>
    public void State()
    {
        _references++;
        Next().Emit(OpCodes.Ldarg_0);
    }

    /// <summary>Pushes the Operation* through which the region was entered.</summary>
    public void Operation() => Next().Emit(OpCodes.Ldarg_1);

    /// <summary>Pushes an int32.</summary>
    public void Int32(int value)
    {
        if (value is >= sbyte.MinValue and <= sbyte.MaxValue)
            Next().Emit(OpCodes.Ldc_I4_S, (sbyte)value);
        else
            Next().Emit(OpCodes.Ldc_I4, value);
    }

    /// <summary>Pushes an int64. One instruction: the JIT's time goes by their number, not by their bytes, and a conversion is one that it does not fold without optimisation.</summary>
    public void Int64(ulong value) => Next().Emit(OpCodes.Ldc_I8, (long)value);

    /// <summary>Pushes the address of a field of the CpuState at a byte offset.</summary>
    public void StateAddress(int offset)
    {
        State();
        if (offset == 0)
            return;
        Int32(offset);
        Next().Emit(OpCodes.Add);
    }

    /// <summary>Loads, stores or takes the address of a field of the structure that the pointer on the stack points at.</summary>
    public void Field(OpCode code, FieldInfo field) => Next().Emit(code, field);

    /// <summary>Calls a static method; the JIT may inline it.</summary>
    public void Call(MethodInfo method) => Next().Emit(OpCodes.Call, method);

    /// <summary>Calls a managed function pointer, never inlined.</summary>
    public void CallPointer(nint function, Type returnType, params Type[] parameters)
    {
        Next().Emit(OpCodes.Ldc_I8, function);
        Next().Emit(OpCodes.Conv_I);
        Next().EmitCalli(OpCodes.Calli, CallingConventions.Standard, returnType, parameters, null);
    }

    /// <summary>Leaves the method by a jump to a managed function whose pointer is on the stack above its arguments, which are of the method's own types.</summary>
    public void TailCallPointer(Type returnType, params Type[] parameters)
    {
        Next().Emit(OpCodes.Tailcall);
        Next().EmitCalli(OpCodes.Calli, CallingConventions.Standard, returnType, parameters, null);
        Next().Emit(OpCodes.Ret);
    }

    /// <summary>Pushes a null pointer.</summary>
    public void Null()
    {
        Next().Emit(OpCodes.Ldc_I4_0);
        Next().Emit(OpCodes.Conv_U);
    }

    /// <summary>Loads or stores an integer of guest memory through the pointer on the stack, at any alignment.</summary>
    public void Guest(OpCode code)
    {
        // Where it is always aligned the JIT has an instruction that does both.
        if (code != OpCodes.Ldind_U1 && code != OpCodes.Stind_I1)
            Next().Emit(OpCodes.Unaligned, (byte)1);
        Order();
        Next().Emit(code);
    }

    /// <summary>Loads or stores a value of a vector type of guest memory through the pointer on the stack, at any alignment.</summary>
    public void GuestObject(OpCode code, Type type)
    {
        Next().Emit(OpCodes.Unaligned, (byte)1);
        Order();
        Next().Emit(code, type);
    }

    private void Order()
    {
        if (ordersAccesses)
            Next().Emit(OpCodes.Volatile);
    }

    /// <summary>Loads or stores a value of a vector type through the pointer on the stack, at any alignment.</summary>
    public void Object(OpCode code, Type type)
    {
        Next().Emit(OpCodes.Unaligned, (byte)1);
        Next().Emit(code, type);
    }

    /// <summary>A basic block begins here, if it has not yet.</summary>
    private void Lead() => _leaders.Add(Length);

    /// <summary>Counts an instruction; prefixes are such, as they are for the JIT.</summary>
    private ILGenerator Next()
    {
        _instructions++;
        return il;
    }

    private void Refer(OpCode code, LocalBuilder local)
    {
        _references++;
        Next().Emit(code, local);
    }
}
