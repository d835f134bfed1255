using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Memory;
using Iced.Intel;

namespace Faultline.Cpu.Interpreter;

/// <summary>Decodes one block of guest code into operations.</summary>
internal sealed unsafe class BlockDecoder
{
    /// <summary>Longer blocks are cut: past some length a block only delays invalidation and duplicates code.</summary>
    private const int MaxInstructions = 64;

    private const int MaxInstructionLength = 15;

    private readonly CpuModel _model;
    private readonly bool _withHead;
    private readonly GuestCodeReader _reader;
    private readonly Decoder _decoder;
    private readonly Operation[] _operations = new Operation[MaxInstructions + 2];

    /// <summary>Makes a decoder of an address space's code.</summary>
    /// <param name="memory">Where the code is.</param>
    /// <param name="model">What executes.</param>
    /// <param name="withHead">Whether blocks begin with an operation that is no instruction, for <see cref="Profile"/>.</param>
    public BlockDecoder(AddressSpace memory, CpuModel model, bool withHead)
    {
        _withHead = withHead;
        _model = model;
        _reader = new GuestCodeReader(memory);
        _decoder = Decoder.Create(64, _reader, model.DecoderOptions);
    }

    /// <summary>Whether the last block ended where nothing could be fetched any more: what follows it may be there another time.</summary>
    public bool StoppedShort { get; private set; }

    /// <summary>The bytes that the last block was decoded from; null when they may be others by now.</summary>
    public byte[]? TextOf(ulong rip, ulong end)
    {
        byte[] text = new byte[end - rip];
        return _reader.TryReadAgain(rip, text) ? text : null;
    }

    /// <summary>Whether some bytes are at an address, which then counts as code.</summary>
    public bool Holds(ulong rip, ReadOnlySpan<byte> text) => _reader.Holds(rip, text);

    /// <summary>Decodes the block at an address.</summary>
    /// <param name="s">Where the exit goes when the first instruction cannot be fetched.</param>
    /// <param name="rip">Its address.</param>
    /// <param name="end">Address after the last byte that the block depends on.</param>
    /// <returns>The operations, valid until the next call; empty when the exit is set.</returns>
    public ReadOnlySpan<Operation> Decode(CpuState* s, ulong rip, out ulong end)
    {
        _reader.Begin(rip);
        StoppedShort = false;
        // The head is no instruction: it is there when executions are counted.
        _operations[0] = new Operation { Rip = rip };
        int heads = _withHead ? 1 : 0;
        int count = heads;
        int segment = 0;
        ulong at = rip;
        end = rip;
        Instruction previous = default;
        InstructionForm previousForm = default;
        while (true)
        {
            if (count == MaxInstructions + heads)
            {
                AddContinue(ref count, at, segment);
                break;
            }

            _reader.Seek(at);
            _decoder.IP = at;
            _decoder.Decode(out Instruction instruction);
            if (instruction.IsInvalid && _decoder.LastError == DecoderError.NoMoreBytes && _reader.Position - at < MaxInstructionLength && !IsUndefinedOpcode(at))
            {
                if (count == heads)
                {
                    RaiseFetchFault(s);
                    return default;
                }
                // The fault belongs to the next instruction, if control gets that far.
                StoppedShort = true;
                AddContinue(ref count, at, segment);
                break;
            }

            end = Math.Max(end, _reader.Position);
            ref Operation op = ref _operations[count++];
            InstructionForm form = instruction.IsInvalid ? default : InstructionTable.Lookup(instruction.Code, _model);
            bool defined = OperationBinder.Bind(ref op, instruction, form);
            if (defined && _withHead && form.Shape is (FormShape.JumpIndirect or FormShape.CallIndirect))
                Profile.Watch(ref op);
            if (instruction.IsInvalid && _reader.Position - at == MaxInstructionLength && IsTooLong(at))
                op.Handler = &ControlFlow.TooLong;
            op.Count = (ushort)++segment;
            if (form.Shape == FormShape.ConditionalJump)
            {
                segment = 0;
                if (defined && count - heads > 1)
                    OperationBinder.BindJump(ref _operations[count - 2], previous, previousForm, instruction.ConditionCode);
            }
            else if (!defined || form.Class is InstructionClass.Branch or InstructionClass.System)
                break;
            (previous, previousForm) = (instruction, form);
            at += (ulong)instruction.Length;
        }
        return new ReadOnlySpan<Operation>(_operations, 0, count);
    }

    /// <summary>
    /// Whether an instruction that is invalid after 15 bytes would have gone on. So many begin with a prefix too many, and without it the decoder
    /// either comes to an end within the bytes it had (what they say is undefined) or asks for the sixteenth.
    /// </summary>
    private bool IsTooLong(ulong at)
    {
        _reader.Seek(at + 1);
        _decoder.IP = at + 1;
        _decoder.Decode(out Instruction instruction);
        return _reader.Position - at > MaxInstructionLength || (instruction.IsInvalid && _decoder.LastError == DecoderError.NoMoreBytes);
    }

    /// <summary>
    /// Whether the opcode alone makes an instruction undefined, however it goes on: the decoder asks for a ModRM byte even then, the processor does not, so that these are
    /// undefined instructions at the end of a mapping too (SDM vol. 2, tables; measured).
    /// </summary>
    private bool IsUndefinedOpcode(ulong at)
    {
        ulong stopped = _reader.Position;
        _reader.Seek(at);
        int next = _reader.ReadByte();
        while (next is 0x26 or 0x2e or 0x36 or 0x3e or (>= 0x64 and <= 0x67) or 0xf0 or 0xf2 or 0xf3 or (>= 0x40 and <= 0x4f))
            next = _reader.ReadByte();
        bool undefined = next == 0x0f
            ? _reader.ReadByte() is 0x04 or 0x0a or 0x0c or (>= 0x24 and <= 0x27) or 0x36 or 0x39 or (>= 0x3b and <= 0x3f) or 0x7a or 0x7b or 0xa6 or 0xa7
            : next is 0x06 or 0x07 or 0x0e or 0x16 or 0x17 or 0x1e or 0x1f or 0x27 or 0x2f or 0x37 or 0x3f or 0x60 or 0x61 or 0xce or 0xd6;
        _reader.Seek(stopped);
        return undefined;
    }

    private void AddContinue(ref int count, ulong at, int segment)
    {
        _operations[count++] = new Operation
        {
            Handler = &ControlFlow.Continue,
            Rip = at,
            Count = (ushort)segment,
        };
    }

    private void RaiseFetchFault(CpuState* s)
    {
        try
        {
            GuestAccess.RaiseFault(s, _reader.Position, MemoryAccess.Execute, _reader.Fault);
        }
        catch (GuestFaultException)
        {
            // The details are in the state; RIP is at the instruction already.
            s->LinkFrom = null;
        }
    }
}
