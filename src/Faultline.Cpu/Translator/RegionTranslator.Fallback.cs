using System.Reflection.Emit;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// Instructions without an emitter of their own: the interpreter's handler executes them on the CpuState.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>
    /// Stores what the handler may read and what would have to be exact if it raised, calls it, and takes over what it changed.
    /// </summary>
    private void EmitFallback()
    {
        CountFallback();
        if (_stretch is not null)
            EndStretch(_at.Facts);
        SpillFlags();
        StoreDirty();
        SpillX87();
        Operation* op = KeepOperation();

        // Where a fault finds its instruction and what is left of the fuel.
        _il.State();
        _il.Int64((ulong)op);
        _il.Op(OpCodes.Conv_I);
        StoreState(nameof(CpuState.Raising));
        _il.State();
        _il.Load(_fuel);
        _il.Int64((ulong)(_at.Pending - FuelBias));
        _il.Op(OpCodes.Sub);
        StoreState(nameof(CpuState.Budget));

        _il.State();
        _il.Int64((ulong)op);
        _il.Op(OpCodes.Conv_I);
        if (_instruction.Form.Shape == FormShape.Whole)
        {
            // All that the handler would do. By pointer: such bodies are too large to be worth inlining.
            _il.CallPointer((nint)op->Body, typeof(void), typeof(CpuState*), typeof(Operation*));
        }
        else
        {
            _il.CallPointer((nint)op->Handler, typeof(Operation*), typeof(CpuState*), typeof(Operation*));
            _il.Op(OpCodes.Pop);
        }

        // It may have given a page another frame.
        _at = _at with { Checked = null };
        ReloadWritten(_instruction.Decoded);
        if (InstructionFacts.Modified(_instruction.Decoded) != 0)
            SetFlags(FlagsState.Memory);
        ReloadX87();
        if (_instruction.Decoded.Mnemonic is Mnemonic.Ldmxcsr or Mnemonic.Vldmxcsr or Mnemonic.Fxrstor or Mnemonic.Fxrstor64 or Mnemonic.Xrstor or Mnemonic.Xrstor64)
            LeaveAfter();
        else
            LeaveIfCodeChanged();
    }

    /// <summary>MXCSR may have changed, on which the code that follows relies.</summary>
    private void LeaveAfter()
    {
        Label rest = _il.Label();
        _il.Int32(0);
        _il.Branch(OpCodes.Brtrue, rest);
        EmitLeave(_at, _instruction.Next, _at.Pending + 1, _leave);
        _il.Mark(rest);
    }

    /// <summary>A handler may have stored to this region's own code: then the region must not go on.</summary>
    private void LeaveIfCodeChanged()
    {
        if (!MayStore())
            return;
        TranslationState state = _at;
        LoadState(nameof(CpuState.CodeChanged));
        _il.Branch(OpCodes.Brtrue, ExitTo(_instruction.Next, () => EmitLeave(state, state.Pending + 1, _leave)));
    }

    private bool MayStore()
    {
        foreach (UsedMemory memory in _information.GetInfo(_instruction.Decoded).GetUsedMemory())
        {
            if (IsWritten(memory.Access))
                return true;
        }
        return false;
    }

    /// <summary>A copy of the current operation that lives as long as the region, with the end of a chain behind it.</summary>
    private Operation* KeepOperation()
    {
        Span<Operation> chain = [_instruction.Op, new Operation { Handler = &Interpreter.Chain.End }];
        chain[0].Count = 1;
        return _region.Operations.Add(chain);
    }

    /// <summary>Calls a body with its arguments on the stack: by method, so that the JIT may inline it, or through its pointer.</summary>
    private void CallBody(nint body, Type returnType, params Type[] parameters)
    {
        if (BodyMethods.Find(body) is { } method)
            _il.Call(method);
        else
            _il.CallPointer(body, returnType, parameters);
    }
}
