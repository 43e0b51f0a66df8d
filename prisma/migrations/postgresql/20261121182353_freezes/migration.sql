-- AlterTable
ALTER TABLE "Change" ADD COLUMN     "afterFreeze" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "violates" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "TeamSetting" ADD COLUMN     "approvers" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "thawSpacing" INTEGER;

-- CreateTable
CREATE TABLE "Freeze" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "mode" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "ownerName" TEXT NOT NULL,
    "madeById" TEXT NOT NULL,
    "madeByName" TEXT NOT NULL,
    "madeAt" TIMESTAMP(3) NOT NULL,
    "scope" JSONB NOT NULL,
    "schedule" JSONB NOT NULL,
    "startsAt" TIMESTAMP(3) NOT NULL,
    "overAt" TIMESTAMP(3) NOT NULL,
    "liftedAt" TIMESTAMP(3),
    "liftedById" TEXT,
    "liftedByName" TEXT,
    "liftText" TEXT,
    "incidentId" TEXT,
    "drill" BOOLEAN NOT NULL DEFAULT false,
    "told" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "Freeze_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "FreezeException" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "freezes" JSONB NOT NULL,
    "scope" JSONB NOT NULL,
    "changeId" TEXT,
    "source" TEXT,
    "key" TEXT,
    "reason" TEXT NOT NULL,
    "requestedById" TEXT NOT NULL,
    "requestedByName" TEXT NOT NULL,
    "requestedAt" TIMESTAMP(3) NOT NULL,
    "state" TEXT NOT NULL,
    "answeredById" TEXT,
    "answeredByName" TEXT,
    "answeredAt" TIMESTAMP(3),
    "answerText" TEXT,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "minutes" INTEGER NOT NULL,
    "usesMax" INTEGER NOT NULL,
    "uses" JSONB NOT NULL DEFAULT '[]',
    "emergency" BOOLEAN NOT NULL DEFAULT false,
    "incidentId" TEXT,
    "reviewDueAt" TIMESTAMP(3),
    "reviewedById" TEXT,
    "reviewedByName" TEXT,
    "reviewedAt" TIMESTAMP(3),
    "reviewText" TEXT,

    CONSTRAINT "FreezeException_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Verdict" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "question" JSONB NOT NULL,
    "answer" JSONB NOT NULL,
    "decision" TEXT NOT NULL,
    "askedById" TEXT NOT NULL,
    "askedByName" TEXT NOT NULL,
    "askedAt" TIMESTAMP(3) NOT NULL,
    "validUntil" TIMESTAMP(3) NOT NULL,
    "changeId" TEXT,
    "exceptionId" TEXT,
    "queue" TEXT NOT NULL DEFAULT 'none',
    "heldAt" TIMESTAMP(3),
    "turnAt" TIMESTAMP(3),
    "leftAt" TIMESTAMP(3),
    "heldBy" JSONB NOT NULL DEFAULT '[]',
    "callback" JSONB,

    CONSTRAINT "Verdict_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Freeze_workspaceId_overAt_idx" ON "Freeze"("workspaceId", "overAt");

-- CreateIndex
CREATE INDEX "Freeze_incidentId_idx" ON "Freeze"("incidentId");

-- CreateIndex
CREATE UNIQUE INDEX "Freeze_workspaceId_number_key" ON "Freeze"("workspaceId", "number");

-- CreateIndex
CREATE INDEX "FreezeException_workspaceId_expiresAt_idx" ON "FreezeException"("workspaceId", "expiresAt");

-- CreateIndex
CREATE INDEX "FreezeException_workspaceId_emergency_reviewedAt_idx" ON "FreezeException"("workspaceId", "emergency", "reviewedAt");

-- CreateIndex
CREATE UNIQUE INDEX "FreezeException_workspaceId_number_key" ON "FreezeException"("workspaceId", "number");

-- CreateIndex
CREATE INDEX "Verdict_workspaceId_queue_heldAt_idx" ON "Verdict"("workspaceId", "queue", "heldAt");

-- CreateIndex
CREATE INDEX "Verdict_workspaceId_validUntil_idx" ON "Verdict"("workspaceId", "validUntil");

-- CreateIndex
CREATE INDEX "Verdict_workspaceId_changeId_idx" ON "Verdict"("workspaceId", "changeId");

-- CreateIndex
CREATE UNIQUE INDEX "Verdict_workspaceId_source_key_key" ON "Verdict"("workspaceId", "source", "key");
