-- CreateTable
CREATE TABLE "Fact" (
    "position" SERIAL NOT NULL,
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "stream" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "incidentId" TEXT,
    "seq" INTEGER,
    "occurredAt" TIMESTAMP(3),
    "occurredUntil" TIMESTAMP(3),
    "asWritten" TEXT,
    "precision" TEXT NOT NULL,
    "recordedAt" TIMESTAMP(3) NOT NULL,
    "actorKind" TEXT NOT NULL,
    "actorId" TEXT NOT NULL,
    "actorName" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "salt" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "hash" TEXT,
    "redacted" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Fact_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "Incident" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "statusText" TEXT,
    "private" BOOLEAN NOT NULL,
    "drill" BOOLEAN NOT NULL,
    "declaredById" TEXT NOT NULL,
    "declaredByName" TEXT NOT NULL,
    "startedAt" TIMESTAMP(3),
    "detectedAt" TIMESTAMP(3),
    "declaredAt" TIMESTAMP(3) NOT NULL,
    "acknowledgedAt" TIMESTAMP(3),
    "mitigatedAt" TIMESTAMP(3),
    "resolvedAt" TIMESTAMP(3),
    "keyTimes" JSONB NOT NULL,
    "channelId" TEXT,
    "channelName" TEXT,
    "threadTs" TEXT,
    "placeKind" TEXT NOT NULL DEFAULT 'none',

    CONSTRAINT "Incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Entry" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "authorName" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "occurredAt" TIMESTAMP(3),
    "occurredUntil" TIMESTAMP(3),
    "asWritten" TEXT,
    "precision" TEXT NOT NULL,
    "recordedAt" TIMESTAMP(3) NOT NULL,
    "corrects" TEXT,
    "struck" BOOLEAN NOT NULL DEFAULT false,
    "strikeReason" TEXT,
    "redacted" BOOLEAN NOT NULL DEFAULT false,
    "hash" TEXT NOT NULL,

    CONSTRAINT "Entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RoleHolding" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "userName" TEXT NOT NULL,
    "since" TIMESTAMP(3) NOT NULL,
    "until" TIMESTAMP(3),

    CONSTRAINT "RoleHolding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Impact" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "since" TIMESTAMP(3) NOT NULL,
    "until" TIMESTAMP(3),

    CONSTRAINT "Impact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Member" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,

    CONSTRAINT "Member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Posted" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT,
    "slot" TEXT NOT NULL,
    "channelId" TEXT NOT NULL,
    "ts" TEXT NOT NULL,

    CONSTRAINT "Posted_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "UploadedFile" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "fileId" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "channelId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "UploadedFile_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Shortfall" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "effect" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "error" TEXT NOT NULL,
    "needed" TEXT,

    CONSTRAINT "Shortfall_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Workspace" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "nextIncident" INTEGER NOT NULL DEFAULT 1,
    "incidentsChannel" TEXT NOT NULL,
    "changesChannel" TEXT NOT NULL,
    "slackTeamId" TEXT,
    "slackTeamUrl" TEXT,
    "slackBotUserId" TEXT,
    "incidentsChannelId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Workspace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Stream" (
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Stream_pkey" PRIMARY KEY ("workspaceId","name")
);

-- CreateTable
CREATE TABLE "Chain" (
    "incidentId" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL DEFAULT 0,
    "hash" TEXT NOT NULL,

    CONSTRAINT "Chain_pkey" PRIMARY KEY ("incidentId")
);

-- CreateTable
CREATE TABLE "Request" (
    "workspaceId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "reply" JSONB,
    "at" BIGINT NOT NULL,

    CONSTRAINT "Request_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "Person" (
    "workspaceId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "zone" TEXT,
    "isBot" BOOLEAN NOT NULL DEFAULT false,
    "seenAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Person_pkey" PRIMARY KEY ("workspaceId","id")
);

-- CreateTable
CREATE TABLE "Job" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "lane" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "incidentId" TEXT,
    "priority" INTEGER NOT NULL,
    "essential" BOOLEAN NOT NULL,
    "collapse" TEXT,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "notBefore" BIGINT NOT NULL DEFAULT 0,
    "madeAt" TIMESTAMP(3) NOT NULL,
    "error" TEXT,
    "notes" JSONB,
    "respondUrl" TEXT,

    CONSTRAINT "Job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Lane" (
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "nextStep" INTEGER NOT NULL DEFAULT 0,
    "holder" TEXT,
    "token" INTEGER NOT NULL DEFAULT 0,
    "until" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "Lane_pkey" PRIMARY KEY ("workspaceId","name")
);

-- CreateIndex
CREATE UNIQUE INDEX "Fact_id_key" ON "Fact"("id");

-- CreateIndex
CREATE INDEX "Fact_workspaceId_position_idx" ON "Fact"("workspaceId", "position");

-- CreateIndex
CREATE UNIQUE INDEX "Fact_workspaceId_stream_version_key" ON "Fact"("workspaceId", "stream", "version");

-- CreateIndex
CREATE UNIQUE INDEX "Fact_incidentId_seq_key" ON "Fact"("incidentId", "seq");

-- CreateIndex
CREATE INDEX "Incident_workspaceId_status_idx" ON "Incident"("workspaceId", "status");

-- CreateIndex
CREATE INDEX "Incident_workspaceId_channelId_idx" ON "Incident"("workspaceId", "channelId");

-- CreateIndex
CREATE UNIQUE INDEX "Incident_workspaceId_number_key" ON "Incident"("workspaceId", "number");

-- CreateIndex
CREATE INDEX "Entry_incidentId_occurredAt_idx" ON "Entry"("incidentId", "occurredAt");

-- CreateIndex
CREATE UNIQUE INDEX "Entry_incidentId_seq_key" ON "Entry"("incidentId", "seq");

-- CreateIndex
CREATE INDEX "RoleHolding_incidentId_idx" ON "RoleHolding"("incidentId");

-- CreateIndex
CREATE INDEX "RoleHolding_workspaceId_userId_idx" ON "RoleHolding"("workspaceId", "userId");

-- CreateIndex
CREATE INDEX "Impact_incidentId_idx" ON "Impact"("incidentId");

-- CreateIndex
CREATE INDEX "Impact_workspaceId_service_environment_since_idx" ON "Impact"("workspaceId", "service", "environment", "since");

-- CreateIndex
CREATE UNIQUE INDEX "Member_incidentId_userId_key" ON "Member"("incidentId", "userId");

-- CreateIndex
CREATE INDEX "Posted_incidentId_idx" ON "Posted"("incidentId");

-- CreateIndex
CREATE UNIQUE INDEX "Posted_workspaceId_slot_key" ON "Posted"("workspaceId", "slot");

-- CreateIndex
CREATE INDEX "UploadedFile_incidentId_idx" ON "UploadedFile"("incidentId");

-- CreateIndex
CREATE UNIQUE INDEX "UploadedFile_workspaceId_fileId_key" ON "UploadedFile"("workspaceId", "fileId");

-- CreateIndex
CREATE UNIQUE INDEX "Shortfall_incidentId_effect_error_key" ON "Shortfall"("incidentId", "effect", "error");

-- CreateIndex
CREATE UNIQUE INDEX "Workspace_slackTeamId_key" ON "Workspace"("slackTeamId");

-- CreateIndex
CREATE INDEX "Request_at_idx" ON "Request"("at");

-- CreateIndex
CREATE INDEX "Person_workspaceId_name_idx" ON "Person"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "Job_state_notBefore_idx" ON "Job"("state", "notBefore");

-- CreateIndex
CREATE INDEX "Job_workspaceId_lane_state_step_idx" ON "Job"("workspaceId", "lane", "state", "step");

-- CreateIndex
CREATE INDEX "Job_incidentId_idx" ON "Job"("incidentId");
